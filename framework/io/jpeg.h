// JPEG pictures, read through libjpeg.
#pragma once

#include "cairn/io/image.h"

#include <span>
#include <string>

namespace cairn::io {

// Whether the bytes begin as those of a JPEG do.
bool is_jpeg(std::span<const std::uint8_t> bytes);

// Decodes a JPEG, grey (three equal channels) or in colour, baseline or progressive. How a camera was held, which its EXIF data
// may say, is not looked at. Throws Error that calls the file `name`, what is wrong with it and the remedy: it is truncated or
// damaged, too large, or has the colours of a print (CMYK).
Image decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace cairn::io
