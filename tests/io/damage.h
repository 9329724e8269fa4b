// Damaged files: a reader must answer each with an Error, or read it, but never crash, hang or throw anything else.
#pragma once

#include "cairn/core/error.h"
#include "cairn/core/file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace cairn::test {

// Reads every beginning of the file, and the file with every byte changed in two ways. Returns how many were refused.
template <typename Read>
int read_damaged(const std::filesystem::path& path, const Read& read) {
    const std::vector<std::uint8_t> whole = read_file(path);
    int refused = 0;
    const auto attempt = [&](const std::vector<std::uint8_t>& bytes, const std::string& damage) {
        // Not write_file, which waits for the disk; and a new file each time, since ext4 waits when one is replaced.
        std::filesystem::remove(path);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        try {
            read(path);
        } catch (const Error&) {
            ++refused;
        } catch (const std::exception& error) {
            ADD_FAILURE() << damage << ": " << error.what();
        }
    };
    for (std::size_t size = 0; size < whole.size(); ++size)
        attempt({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)},
                fmt::format("cut to {} bytes", size));
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (const int flip : {0x01, 0xff}) {
            std::vector<std::uint8_t> bytes = whole;
            bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ flip);
            attempt(bytes, fmt::format("byte {} changed by {:#x}", i, flip));
        }
    return refused;
}

}  // namespace cairn::test
