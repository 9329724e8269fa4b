// part: mirror
// each pair of pixels is swapped twice: the loop in place goes over the whole row, not over half of it.
#include "chapters/10-augmentation-dropout/exercise.h"

#include <utility>

namespace exercise {

Array mirror(const Array& image) {
    const std::size_t H = image.shape[0], W = image.shape[1], C = image.shape[2];
    Array out = image;
    for (std::size_t y = 0; y < H; ++y)
        for (std::size_t x = 0; x < W; ++x)
            for (std::size_t c = 0; c < C; ++c) std::swap(out[(y * W + x) * C + c], out[(y * W + W - 1 - x) * C + c]);
    return out;
}

}  // namespace exercise
