// part: im2col
// the rows stand in the order (n, j, i): the windows are visited column by column.
#include "chapters/07-simple-cnn/exercise.h"

namespace exercise {

Array im2col(const Array& x, const Window& window) {
    const Sizes& s = x.shape;
    const std::size_t OH = (s[1] - window.h) / window.strides.h + 1, OW = (s[2] - window.w) / window.strides.w + 1;
    const std::size_t K = window.h * window.w * s[3];
    Array patches({s[0] * OH * OW, K});
    for (std::size_t n = 0; n < s[0]; ++n)
        for (std::size_t i = 0; i < OH; ++i)
            for (std::size_t j = 0; j < OW; ++j)
                for (std::size_t a = 0; a < window.h; ++a)
                    for (std::size_t b = 0; b < window.w; ++b)
                        for (std::size_t c = 0; c < s[3]; ++c) {
                            const std::size_t row = (n * OW + j) * OH + i, column = (a * window.w + b) * s[3] + c;
                            const std::size_t u = i * window.strides.h + a, v = j * window.strides.w + b;
                            patches[row * K + column] = x[((n * s[1] + u) * s[2] + v) * s[3] + c];
                        }
    return patches;
}

}  // namespace exercise
