// part: col2im
// dx is written instead of added: a pixel that stands in several patches keeps the last. That undoes im2col, which is not what an adjoint does.
#include "chapters/07-simple-cnn/exercise.h"

namespace exercise {

namespace {

// The place of element (i, j, k, l) of an array of four axes.
std::size_t at(const Sizes& shape, std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
    return ((i * shape[1] + j) * shape[2] + k) * shape[3] + l;
}

std::size_t windows_along(std::size_t n, std::size_t k, std::size_t stride) { return (n - k) / stride + 1; }

// Calls visit(element of x, of the patches) for each number of the patches.
template <typename Visit>
void for_each_of_patches(const Sizes& x, const Window& w, const Visit& visit) {
    const std::size_t OH = windows_along(x[1], w.h, w.strides.h), OW = windows_along(x[2], w.w, w.strides.w);
    std::size_t element = 0;
    for (std::size_t n = 0; n < x[0]; ++n)
        for (std::size_t i = 0; i < OH; ++i)
            for (std::size_t j = 0; j < OW; ++j)
                for (std::size_t a = 0; a < w.h; ++a)
                    for (std::size_t b = 0; b < w.w; ++b)
                        for (std::size_t c = 0; c < x[3]; ++c)
                            visit(at(x, n, i * w.strides.h + a, j * w.strides.w + b, c), element++);
}

}  // namespace

Array col2im(const Array& patches, const Sizes& x_shape, const Window& window) {
    Array dx(x_shape);
    for_each_of_patches(x_shape, window, [&](std::size_t xi, std::size_t pi) { dx[xi] = patches[pi]; });
    return dx;
}

}  // namespace exercise
