// Downloads data sets.
#pragma once

#include "cairn/data/download.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::data {

struct RemoteFile {
    std::string name, sha256;
};

// Where a data set lies, and how to tell that what arrived is that data set.
struct Source {
    std::string name;               // as `cairn data fetch` calls it: "cifar10"
    std::string dataset;            // Dataset::name: "cifar-10"
    std::string folder;             // that it becomes: "cifar-10-batches-bin"
    std::string address;            // of the folder that its files lie in
    std::string size;               // "162 MB"
    std::vector<RemoteFile> files;  // a .tar.gz holds the folder; others are put into it as they are
};

// cifar10, cifar100, mnist and fashion-mnist.
const std::vector<Source>& sources();

// Makes sure that parent/SOURCE.folder holds the data set and returns that path. (A `parent` of that name means its own parent.) If
// the data set is there and whole, nothing is downloaded. Otherwise curl or wget downloads the files; the SHA-256 of each is
// compared, tar unpacks what is an archive, the data set is loaded, and only then does it take its place, so that a broken download
// leaves nothing behind. Throws Error, with what to do by hand, without those programs, when a download fails or was asked to stop,
// or when what arrived is not that data set.
std::filesystem::path fetch(const std::filesystem::path& parent, const Source& source,
                            const FetchOptions& options = {});

}  // namespace cairn::data
