// Which data a command uses when it may be told with --data, and mostly is not.
#pragma once

#include "cairn/core/cache_folder.h"
#include "cairn/data/load_options.h"

#include <filesystem>

namespace cairn::data {

struct Located {
    Split split;
    std::filesystem::path folder;      // it was loaded from; empty if cairn drew it
    std::string line;                  // which data this is and why, for a person to read; no line break
    std::vector<std::string> notes{};  // what was left out of it, and why
};

// The first of these that applies:
//   `asked`                                  the folder given with --data, or by `asked_by`; empty if there was none
//   $CIFAR10_DIR                             if it is set and not empty
//   cache_folder()/cifar-10-batches-bin      if it exists
//   shapes10, drawn in memory with seed 0    the line says that this is not CIFAR-10 and how to fetch it
// The options are for a folder. Throws Error (data/load.h) for bad data in the folder that applies; it never goes on to the next.
Located locate(const std::filesystem::path& asked = {}, const std::string& asked_by = "--data",
               const LoadOptions& options = {}, const LoadProgress& progress = {});

}  // namespace cairn::data
