#include "cairn/data/locate.h"

#include "cairn/core/error.h"
#include "cairn/core/program.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/load.h"
#include "cairn/data/shapes10.h"

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

Located load_from(const fs::path& folder, const std::string& reason, const LoadOptions& options,
                  const LoadProgress& progress) {
    try {
        Loaded loaded = load(folder, options, progress);
        const Split& split = loaded.split;
        std::string line = fmt::format("Data: {} from {} ({}), {} training and {} test images", split.train.name,
                                       folder.string(), reason, split.train.size(), split.test.size());
        return {std::move(loaded.split), folder, std::move(line), std::move(loaded.notes)};
    } catch (const Error& error) {
        fail("{}\n(The data is looked for in {}: {}.)", error.what(), folder.string(), reason);
    }
}

}  // namespace

Located locate(const fs::path& asked, const std::string& asked_by, const LoadOptions& options,
               const LoadProgress& progress) {
    const fs::path named = folder_in("CIFAR10_DIR"), cache = cache_folder();
    if (!asked.empty()) return load_from(asked, "named by " + asked_by, options, progress);
    if (!named.empty()) return load_from(named, "named by $CIFAR10_DIR", options, progress);
    std::error_code ignored;  // a cache folder that cannot be looked at holds nothing
    if (!cache.empty() && fs::exists(cache / cifar10_folder_name, ignored))
        return load_from(cache / cifar10_folder_name, "the cache folder", options, progress);
    LoadOptions nothing_asked;
    nothing_asked.usual_size = options.usual_size;
    check(options == nothing_asked,
          "--labels, --image-size, --crop, --skip-bad and --split-seed are for a data set in a folder; name it: --data "
          "DIR");

    Split split = make_shapes10();
    std::string line = fmt::format(
        "Data: shapes10, {} training and {} test pictures drawn by cairn. This is not CIFAR-10, and its accuracies "
        "cannot be "
        "compared with CIFAR-10's; to fetch that (162 MB): {} data fetch cifar10 {}",
        split.train.size(), split.test.size(), program().command, cache.empty() ? "DIR" : cache.string());
    return {std::move(split), {}, std::move(line)};
}

}  // namespace cairn::data
