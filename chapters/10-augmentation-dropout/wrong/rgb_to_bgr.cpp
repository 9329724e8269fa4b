// part: mirror
// the whole row is reversed, and with it the channels of each pixel: red becomes blue.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array mirror(const Array& image) {
    const std::size_t H = image.shape[0], W = image.shape[1], C = image.shape[2];
    Array out(image.shape);
    for (std::size_t y = 0; y < H; ++y)
        for (std::size_t x = 0; x < W; ++x)
            for (std::size_t c = 0; c < C; ++c) out[(y * W + x) * C + c] = image[(y * W + W - 1 - x) * C + C - 1 - c];
    return out;
}

}  // namespace exercise
