// gzip: files whose names end in .gz, through zlib.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cairn::io {

// What a .gz file of these bytes holds, but no more than its first `most` bytes, whatever the file says. Throws Error that calls
// the file `name` if it is damaged or truncated before that.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::size_t most, const std::string& name);

}  // namespace cairn::io
