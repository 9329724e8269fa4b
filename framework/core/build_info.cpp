#include "cairn/core/build_info.h"

#include "cairn/core/revision.h"

namespace cairn::build {

const char* const revision = CAIRN_REVISION;

}  // namespace cairn::build
