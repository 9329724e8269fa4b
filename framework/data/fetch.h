// Downloads CIFAR-10.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace cairn::data {

// A .tar.gz file that holds the folder cifar-10-batches-bin.
struct Archive {
    std::string url;
    std::string dataset;                          // Dataset::name of what it holds
    std::uint64_t train_hash = 0, test_hash = 0;  // content_hash
};

// The official one, 162 MB (https://www.cs.toronto.edu/~kriz/cifar.html).
Archive cifar10_archive();

// Makes sure that folder/cifar-10-batches-bin holds CIFAR-10 and returns that path. (A `folder` of that name means its
// parent.) If CIFAR-10 is there and whole, nothing is downloaded. Otherwise curl or wget downloads the archive, tar unpacks
// it, its records are compared with the hashes, and only then does it take its place, so that a broken download leaves
// nothing behind. `progress` (if any) is told the number of bytes downloaded so far, every tenth of a second; it must not
// throw. Throws Error, with what to do by hand, without curl and wget, when the download fails or when what arrived is not
// that data set.
std::filesystem::path fetch_cifar10(const std::filesystem::path& folder, const Archive& archive = cifar10_archive(),
                                    const std::function<void(std::uintmax_t bytes)>& progress = {});

}  // namespace cairn::data
