// Downloads data sets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cairn::data {

struct RemoteFile {
    std::string name, sha256;
};

// Where a data set lies, and how to tell that what arrived is that data set.
struct Source {
    std::string name;                             // as `cairn data fetch` calls it: "cifar10"
    std::string dataset;                          // Dataset::name: "cifar-10"
    std::string folder;                           // that it becomes: "cifar-10-batches-bin"
    std::string address;                          // of the folder that its files lie in
    std::string size;                             // "162 MB"
    std::vector<RemoteFile> files;                // a .tar.gz holds the folder; others are put into it as they are
    std::uint64_t train_hash = 0, test_hash = 0;  // content_hash, where it is known
};

// cifar10, cifar100, mnist and fashion-mnist.
const std::vector<Source>& sources();

// Makes sure that parent/SOURCE.folder holds the data set and returns that path. (A `parent` of that name means its own parent.) If
// the data set is there and whole, nothing is downloaded. Otherwise curl or wget downloads the files; sha256sum (or shasum) checks
// each, tar unpacks what is an archive, the data set is loaded and its name and content are compared, and only then does it take its
// place, so that a broken download leaves nothing behind. `progress` (if any) is told the number of bytes downloaded so far, every
// tenth of a second; it must not throw. Throws Error, with what to do by hand, without those programs, when the download fails or
// when what arrived is not that data set.
std::filesystem::path fetch(const std::filesystem::path& parent, const Source& source,
                            const std::function<void(std::uintmax_t bytes)>& progress = {});

}  // namespace cairn::data
