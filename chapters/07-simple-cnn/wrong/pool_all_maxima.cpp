// part: max_pool_backward
// all pixels that are equal to the maximum get the gradient, each the whole of it.
#include "chapters/07-simple-cnn/exercise.h"

#include <limits>

namespace exercise {

Array max_pool_backward(const Array& x, const Array& dy, const Window& w) {
    const Sizes& s = x.shape;
    Array dx(s);
    std::size_t yi = 0;
    for (std::size_t n = 0; n < dy.shape[0]; ++n)
        for (std::size_t i = 0; i < dy.shape[1]; ++i)
            for (std::size_t j = 0; j < dy.shape[2]; ++j)
                for (std::size_t c = 0; c < s[3]; ++c, ++yi) {
                    double most = -std::numeric_limits<double>::infinity();
                    Sizes equal;
                    for (std::size_t a = 0; a < w.h; ++a)
                        for (std::size_t b = 0; b < w.w; ++b) {
                            const std::size_t u = i * w.strides.h + a - w.pad_h, v = j * w.strides.w + b - w.pad_w;
                            if (u >= s[1] || v >= s[2]) continue;
                            const std::size_t xi = ((n * s[1] + u) * s[2] + v) * s[3] + c;
                            if (x[xi] > most) equal.clear();
                            if (x[xi] >= most) most = x[xi], equal.push_back(xi);
                        }
                    for (const std::size_t xi : equal) dx[xi] += dy[yi];
                }
    return dx;
}

}  // namespace exercise
