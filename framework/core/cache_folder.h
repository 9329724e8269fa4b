// cairn's cache folder: CIFAR-10 once it has been fetched, decoded pictures, compiled shaders. All of it can be made again.
#pragma once

#include <filesystem>

namespace cairn {

// $XDG_CACHE_HOME/cairn, else ~/.cache/cairn; empty if neither $XDG_CACHE_HOME nor $HOME is set. May not exist.
std::filesystem::path cache_folder();

// The folder that an environment variable names; empty if it is not set.
std::filesystem::path folder_in(const char* variable);

}  // namespace cairn
