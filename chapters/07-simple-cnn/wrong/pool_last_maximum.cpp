// part: max_pool_backward
// of several equal maxima the last one gets the gradient (>= where > belongs). Behind ReLU, windows of four zeros are common.
#include "chapters/07-simple-cnn/exercise.h"

#include <limits>

namespace exercise {

namespace {

// The place of element (i, j, k, l) of an array of four axes.
std::size_t at(const Sizes& shape, std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
    return ((i * shape[1] + j) * shape[2] + k) * shape[3] + l;
}

// Calls visit(element of y, element of x that is the first largest of its window) for each window.
template <typename Visit>
void for_each_maximum(const Array& x, const Window& w, const Sizes& y, const Visit& visit) {
    for (std::size_t n = 0; n < y[0]; ++n)
        for (std::size_t i = 0; i < y[1]; ++i)
            for (std::size_t j = 0; j < y[2]; ++j)
                for (std::size_t c = 0; c < y[3]; ++c) {
                    double most = -std::numeric_limits<double>::infinity();
                    std::size_t where = 0;
                    for (std::size_t a = 0; a < w.h; ++a)
                        for (std::size_t b = 0; b < w.w; ++b) {
                            const std::size_t u = i * w.strides.h + a, v = j * w.strides.w + b;  // counted in the padded image
                            if (u < w.pad_h || u - w.pad_h >= x.shape[1] || v < w.pad_w || v - w.pad_w >= x.shape[2]) continue;
                            const std::size_t element = at(x.shape, n, u - w.pad_h, v - w.pad_w, c);
                            if (x[element] >= most) most = x[element], where = element;
                        }
                    visit(at(y, n, i, j, c), where);
                }
}

}  // namespace

Array max_pool_backward(const Array& x, const Array& dy, const Window& window) {
    Array dx(x.shape);
    for_each_maximum(x, window, dy.shape, [&](std::size_t yi, std::size_t xi) { dx[xi] += dy[yi]; });
    return dx;
}

}  // namespace exercise
