// Pictures of either format that cairn reads.
#pragma once

#include "cairn/io/image.h"

#include <filesystem>

namespace cairn::io {

// Whether a file of this name should be a picture: one that read_picture reads (.png, .jpg, .jpeg), or one of another format
// (.gif, .webp, …), which it refuses with the way out.
bool is_picture_name(const std::filesystem::path& path);

// Reads a PNG or a JPEG; which one it is, its content tells. Throws Error that names the file, what is wrong with it and the
// remedy.
Image read_picture(const std::filesystem::path& path);

}  // namespace cairn::io
