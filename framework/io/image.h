// Image: a colour picture in host memory.
#pragma once

#include <cstdint>
#include <vector>

namespace cairn::io {

struct Image {
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::vector<std::uint8_t> pixels;  // (height, width, 3): red, green, blue, 0 … 255 (sRGB), row by row from the top

    bool operator==(const Image&) const = default;
};

// A picture with more pixels on a side, or more of them together, is taken for a mistake or a trap, and refused before memory is
// asked for: the largest one that is read takes 300 MB.
constexpr std::int64_t max_image_side = 16384;
constexpr std::int64_t max_image_pixels = 100'000'000;
constexpr std::uint64_t max_picture_bytes = 500'000'000;  // of a file
// Larger pictures are decoded one at a time, however many threads decode.
constexpr std::int64_t big_image_pixels = 8'000'000;

}  // namespace cairn::io
