// Reading files that somebody else may have made: none is read whole before its size is known to be reasonable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace cairn::io {

// Of a text that people or programs write by the line: names of classes, a configuration, a history.
inline constexpr std::uint64_t most_text_bytes = 16'000'000;

// The bytes of a file of at most `most` bytes. A file may have a size without taking room on the disk, so a larger one is
// refused before memory is asked for. Throws Error that names the file and the limit.
std::vector<std::uint8_t> read_limited_file(const std::filesystem::path& path, std::uint64_t most);

}  // namespace cairn::io
