// part: max_pool
// the strides of height and width are swapped.
#include "chapters/07-simple-cnn/exercise.h"

#include <algorithm>
#include <limits>

namespace exercise {

Array max_pool(const Array& x, const Window& w) {
    const Sizes& s = x.shape;
    Array y({s[0], (s[1] + 2 * w.pad_h - w.h) / w.strides.h + 1, (s[2] + 2 * w.pad_w - w.w) / w.strides.w + 1, s[3]});
    std::size_t yi = 0;
    for (std::size_t n = 0; n < y.shape[0]; ++n)
        for (std::size_t i = 0; i < y.shape[1]; ++i)
            for (std::size_t j = 0; j < y.shape[2]; ++j)
                for (std::size_t c = 0; c < s[3]; ++c, ++yi) {
                    double most = -std::numeric_limits<double>::infinity();
                    for (std::size_t a = 0; a < w.h; ++a)
                        for (std::size_t b = 0; b < w.w; ++b) {
                            const std::size_t u = i * w.strides.w + a - w.pad_h, v = j * w.strides.h + b - w.pad_w;
                            if (u < s[1] && v < s[2]) most = std::max(most, x[((n * s[1] + u) * s[2] + v) * s[3] + c]);
                        }
                    y[yi] = most;
                }
    return y;
}

}  // namespace exercise
