// part: mirror
// the image is turned by half a turn: mirrored left to right and upside down.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array mirror(const Array& image) {
    const std::size_t H = image.shape[0], W = image.shape[1], C = image.shape[2];
    Array out(image.shape);
    for (std::size_t y = 0; y < H; ++y)
        for (std::size_t x = 0; x < W; ++x)
            for (std::size_t c = 0; c < C; ++c) out[(y * W + x) * C + c] = image[((H - 1 - y) * W + W - 1 - x) * C + c];
    return out;
}

}  // namespace exercise
