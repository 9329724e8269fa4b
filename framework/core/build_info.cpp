#include "core/build_info.h"

#include "core/revision.h"

namespace cairn::build {

const char* const revision = CAIRN_REVISION;

}  // namespace cairn::build
