// What the fuzzers share. Each is a program of one function, which libFuzzer calls with inputs that it makes up: a reader must
// answer any of them with an Error, or read it. A crash, another exception, a leak, more than a gigabyte or ten seconds is a finding.
#pragma once

#include "cairn/core/error.h"
#include "cairn/core/parallel.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#define FUZZ(bytes, size) extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)

namespace cairn::fuzz {

// A folder in memory that belongs to this process.
inline const std::filesystem::path& scratch() {
    static const std::filesystem::path folder = [] {
        set_threads(1);  // inputs are small
        const std::filesystem::path memory = "/dev/shm";
        const std::filesystem::path root =
            std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
        std::filesystem::path made = root / fmt::format("cairn-fuzz-{}", ::getpid());
        std::filesystem::create_directories(made);
        std::atexit([] { std::filesystem::remove_all(scratch()); });
        return made;
    }();
    return folder;
}

// Not by write_file, which waits for the disk.
inline void put(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

// Takes one of several files from the front of an input: its length stands in two bytes, the lower one first. The last file
// needs none.
inline std::string_view next_file(std::string_view& input) {
    if (input.size() < 2) return std::exchange(input, {});
    const auto low = static_cast<unsigned char>(input[0]), high = static_cast<unsigned char>(input[1]);
    input.remove_prefix(2);
    const std::string_view file = input.substr(0, low + 256u * high);
    input.remove_prefix(file.size());
    return file;
}

// Calls f, whose Errors are what an input should get. Returns what they say; empty if there was none.
template <typename F>
std::string only_errors(const F& f) {
    try {
        f();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace cairn::fuzz
