// PNG pictures, read and written through libpng.
#pragma once

#include "cairn/io/image.h"

#include <filesystem>

namespace cairn::io {

// A picture with more pixels on a side is taken for a mistake or a trap.
constexpr std::int64_t max_image_side = 16384;

// Reads a PNG of any colour type and bit depth: grey becomes three equal channels, a palette its colours, 16 bits
// become 8, and transparent pixels lie on white. Throws Error that names the file, what is wrong with it and the
// remedy.
Image read_png(const std::filesystem::path& path);

// Writes 8-bit RGB. The file appears complete or not at all; throws Error when it cannot be written.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace cairn::io
