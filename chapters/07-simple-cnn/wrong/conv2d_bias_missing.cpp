// part: conv2d
// the bias is left out.
#include "chapters/07-simple-cnn/exercise.h"

namespace exercise {

namespace {

// The place of element (i, j, k, l) of an array of four axes.
std::size_t at(const Sizes& shape, std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
    return ((i * shape[1] + j) * shape[2] + k) * shape[3] + l;
}

std::size_t windows_along(std::size_t n, std::size_t k, std::size_t stride) { return (n - k) / stride + 1; }

// (N, OH, OW, O)
Sizes output_of(const Sizes& x, const Sizes& kernel, Strides s) {
    return {x[0], windows_along(x[1], kernel[0], s.h), windows_along(x[2], kernel[1], s.w), kernel[3]};
}

// Calls term(element of x, of the kernel, of y) for each product of the seven loops.
template <typename Term>
void for_each_term(const Sizes& x, const Sizes& kernel, Strides s, const Term& term) {
    const Sizes y = output_of(x, kernel, s);
    for (std::size_t n = 0; n < y[0]; ++n)
        for (std::size_t i = 0; i < y[1]; ++i)
            for (std::size_t j = 0; j < y[2]; ++j)
                for (std::size_t o = 0; o < y[3]; ++o)
                    for (std::size_t a = 0; a < kernel[0]; ++a)
                        for (std::size_t b = 0; b < kernel[1]; ++b)
                            for (std::size_t c = 0; c < kernel[2]; ++c)
                                term(at(x, n, i * s.h + a, j * s.w + b, c), at(kernel, a, b, c, o), at(y, n, i, j, o));
}

}  // namespace

Array conv2d(const Array& x, const Array& kernel, const Array&, Strides strides) {
    Array y(output_of(x.shape, kernel.shape, strides));
    for_each_term(x.shape, kernel.shape, strides,
                  [&](std::size_t xi, std::size_t ki, std::size_t yi) { y[yi] += x[xi] * kernel[ki]; });
    return y;
}

}  // namespace exercise
