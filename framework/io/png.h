// PNG pictures, read and written through libpng.
#pragma once

#include "cairn/io/image.h"

#include <filesystem>
#include <span>
#include <string>

namespace cairn::io {

// Whether the bytes begin as those of a PNG do.
bool is_png(std::span<const std::uint8_t> bytes);

// Decodes a PNG of any colour type and bit depth: grey becomes three equal channels, a palette its colours, 16 bits
// become 8, and transparent pixels lie on white. Throws Error that names the file, what is wrong with it and the remedy;
// `name` is what the messages call it.
Image decode_png(std::span<const std::uint8_t> bytes, const std::string& name);
// The same from a file.
Image read_png(const std::filesystem::path& path);

// Writes 8-bit RGB. The file appears complete or not at all; throws Error when it cannot be written.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace cairn::io
