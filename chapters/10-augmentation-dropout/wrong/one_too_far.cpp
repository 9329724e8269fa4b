// part: mirror
// column W − x is taken, not W − 1 − x: all is moved by one, and the first column wraps around.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array mirror(const Array& image) {
    const std::size_t H = image.shape[0], W = image.shape[1], C = image.shape[2];
    Array out(image.shape);
    for (std::size_t y = 0; y < H; ++y)
        for (std::size_t x = 0; x < W; ++x)
            for (std::size_t c = 0; c < C; ++c) out[(y * W + x) * C + c] = image[(y * W + (W - x) % W) * C + c];
    return out;
}

}  // namespace exercise
