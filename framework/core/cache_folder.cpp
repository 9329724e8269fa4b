#include "cairn/core/cache_folder.h"

#include <cstdlib>

namespace cairn {

namespace fs = std::filesystem;

fs::path folder_in(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? "" : value;
}

fs::path cache_folder() {
    const fs::path cache = folder_in("XDG_CACHE_HOME"), home = folder_in("HOME");
    if (cache.is_absolute()) return cache / "cairn";  // a relative one is to be ignored, says the XDG specification
    return home.empty() ? home : home / ".cache" / "cairn";
}

}  // namespace cairn
