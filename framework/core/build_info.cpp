#include "cairn/core/build_info.h"

#include "cairn/core/build_folder.h"
#include "cairn/core/revision.h"

namespace cairn::build {

const char* const revision = CAIRN_REVISION;
const char* const folder = CAIRN_BUILD_FOLDER;

}  // namespace cairn::build
