// part: conv2d_gemm_backward
// dP keeps the term of the last filter (= where += belongs): the sum over o is missing.
#include "chapters/07-simple-cnn/exercise.h"

namespace exercise {

namespace {

// (rows, columns) of the kernel as a matrix: row (a, b, c), column o.
std::size_t terms_of(const Sizes& kernel) { return kernel[0] * kernel[1] * kernel[2]; }

}  // namespace

Gradients conv2d_gemm_backward(const Array& x, const Array& kernel, const Array& dy, Strides strides) {
    const Window window{.h = kernel.shape[0], .w = kernel.shape[1], .strides = strides};
    const Array patches = im2col(x, window);
    const std::size_t K = terms_of(kernel.shape), O = kernel.shape[3];
    Array dpatches(patches.shape);
    Gradients d{{}, Array(kernel.shape), Array({O})};
    for (std::size_t m = 0; m < patches.shape[0]; ++m)
        for (std::size_t o = 0; o < O; ++o) {
            const double dz = dy[m * O + o];
            d.dbias[o] += dz;
            for (std::size_t k = 0; k < K; ++k) {
                dpatches[m * K + k] = dz * kernel[k * O + o];
                d.dkernel[k * O + o] += dz * patches[m * K + k];
            }
        }
    d.dx = col2im(dpatches, x.shape, window);
    return d;
}

}  // namespace exercise
