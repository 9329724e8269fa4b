// Files from the network: by curl or wget, whose output is read here, so that they end with this program.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace cairn::data {

struct FetchOptions {
    // Is told the number of bytes downloaded so far, every tenth of a second. It must not throw.
    std::function<void(std::uintmax_t bytes)> progress{};
    std::function<bool()> stop{};                                  // is asked as often; true ends the download
    std::chrono::milliseconds patience = std::chrono::minutes(1);  // so long nothing may arrive
    std::uintmax_t most_bytes = 256'000'000;  // of one file; the largest that is known has 170 million
};

// Writes what lies at the address into the file. Whatever a server answers, it leads to no other scheme (an address with https
// to https alone), and no more than options.most_bytes are kept. Throws Error that ends in `hint`, which says what to do by hand:
// the address is none of http or https, neither curl nor wget is installed, the download fails, stands still, is too large, or
// was asked to stop.
void download(const std::string& url, const std::filesystem::path& file, const std::string& hint,
              const FetchOptions& options = {});

// The file's SHA-256 in hexadecimal digits. Throws Error.
std::string sha256_of(const std::filesystem::path& file, const std::string& hint);

// Unpacks the .tar.gz that was downloaded from `url` into an existing folder. Throws Error.
void unpack(const std::filesystem::path& file, const std::filesystem::path& folder, const std::string& url,
            const std::string& hint);

}  // namespace cairn::data
