#include "cairn/data/locate.h"

#include "cairn/core/error.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/shapes10.h"

#include <cstdlib>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

// The folder that an environment variable names; empty if it is not set.
fs::path folder_in(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? "" : value;
}

Located load(const fs::path& folder, const std::string& reason) {
    try {
        Split split = load_cifar10(folder);
        std::string line = fmt::format("Data: {} from {} ({}), {} training and {} test images", split.train.name,
                                       folder.string(), reason, split.train.size(), split.test.size());
        return {std::move(split), folder, std::move(line)};
    } catch (const Error& error) {
        fail("{}\n(The data is looked for in {}: {}.)", error.what(), folder.string(), reason);
    }
}

}  // namespace

fs::path cache_folder() {
    const fs::path cache = folder_in("XDG_CACHE_HOME"), home = folder_in("HOME");
    if (cache.is_absolute()) return cache / "cairn";  // a relative one is to be ignored, says the XDG specification
    return home.empty() ? home : home / ".cache" / "cairn";
}

Located locate(const fs::path& asked, const std::string& asked_by) {
    if (!asked.empty()) return load(asked, "named by " + asked_by);
    if (const fs::path named = folder_in("CIFAR10_DIR"); !named.empty()) return load(named, "named by $CIFAR10_DIR");
    const fs::path cache = cache_folder();
    if (!cache.empty() && fs::exists(cache / cifar10_folder_name))
        return load(cache / cifar10_folder_name, "the cache folder");

    Split split = make_shapes10();
    std::string line = fmt::format(
        "Data: shapes10, {} training and {} test pictures drawn by cairn. This is not CIFAR-10, and its accuracies "
        "cannot be "
        "compared with CIFAR-10's; to fetch that (162 MB): ./cairn data fetch-cifar10 {}",
        split.train.size(), split.test.size(), cache.empty() ? "DIR" : cache.string());
    return {std::move(split), {}, std::move(line)};
}

}  // namespace cairn::data
