// part: move
// the second direction is not moved.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array move(const Array& image, long down, long right) {
    const long H = static_cast<long>(image.shape[0]), W = static_cast<long>(image.shape[1]);
    const std::size_t C = image.shape[2];
    Array out(image.shape);
    for (long y = 0; y < H; ++y)
        for (long x = 0; x < W; ++x) {
            const long from_y = y - down, from_x = x;
            if (from_y < 0 || from_y >= H || from_x < 0 || from_x >= W) continue;
            for (std::size_t c = 0; c < C; ++c)
                out[static_cast<std::size_t>(y * W + x) * C + c] = image[static_cast<std::size_t>(from_y * W + from_x) * C + c];
        }
    return out;
}

}  // namespace exercise
