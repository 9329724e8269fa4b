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

}  // namespace cairn::io
