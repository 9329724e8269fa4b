// Chapter 7: one right answer.
#include "chapters/07-simple-cnn/exercise.h"

#include <limits>

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
                            if (x[element] > most) most = x[element], where = element;
                        }
                    visit(at(y, n, i, j, c), where);
                }
}

// (rows, columns) of the kernel as a matrix: row (a, b, c), column o.
std::size_t terms_of(const Sizes& kernel) { return kernel[0] * kernel[1] * kernel[2]; }

}  // namespace

Array conv2d(const Array& x, const Array& kernel, const Array& bias, Strides strides) {
    Array y(output_of(x.shape, kernel.shape, strides));
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = bias[i % bias.size()];
    for_each_term(x.shape, kernel.shape, strides,
                  [&](std::size_t xi, std::size_t ki, std::size_t yi) { y[yi] += x[xi] * kernel[ki]; });
    return y;
}

Array conv2d_dx(const Sizes& x_shape, const Array& kernel, const Array& dy, Strides strides) {
    Array dx(x_shape);
    for_each_term(x_shape, kernel.shape, strides,
                  [&](std::size_t xi, std::size_t ki, std::size_t yi) { dx[xi] += dy[yi] * kernel[ki]; });
    return dx;
}

Array conv2d_dkernel(const Array& x, const Sizes& kernel_shape, const Array& dy, Strides strides) {
    Array dkernel(kernel_shape);
    for_each_term(x.shape, kernel_shape, strides,
                  [&](std::size_t xi, std::size_t ki, std::size_t yi) { dkernel[ki] += dy[yi] * x[xi]; });
    return dkernel;
}

Array max_pool(const Array& x, const Window& window) {
    const Sizes& s = x.shape;
    Array y({s[0], windows_along(s[1] + 2 * window.pad_h, window.h, window.strides.h),
             windows_along(s[2] + 2 * window.pad_w, window.w, window.strides.w), s[3]});
    for_each_maximum(x, window, y.shape, [&](std::size_t yi, std::size_t xi) { y[yi] = x[xi]; });
    return y;
}

Array max_pool_backward(const Array& x, const Array& dy, const Window& window) {
    Array dx(x.shape);
    for_each_maximum(x, window, dy.shape, [&](std::size_t yi, std::size_t xi) { dx[xi] += dy[yi]; });
    return dx;
}

Array im2col(const Array& x, const Window& window) {
    const Sizes y = output_of(x.shape, {window.h, window.w, x.shape[3], 1}, window.strides);
    Array patches({y[0] * y[1] * y[2], window.h * window.w * x.shape[3]});
    for_each_of_patches(x.shape, window, [&](std::size_t xi, std::size_t pi) { patches[pi] = x[xi]; });
    return patches;
}

Array conv2d_gemm(const Array& x, const Array& kernel, const Array& bias, Strides strides) {
    const Array patches = im2col(x, {.h = kernel.shape[0], .w = kernel.shape[1], .strides = strides});
    Array y(output_of(x.shape, kernel.shape, strides));
    const std::size_t M = patches.shape[0], K = patches.shape[1], O = kernel.shape[3];
    for (std::size_t m = 0; m < M; ++m) {
        for (std::size_t o = 0; o < O; ++o) y[m * O + o] = bias[o];
        for (std::size_t k = 0; k < K; ++k)
            for (std::size_t o = 0; o < O; ++o) y[m * O + o] += patches[m * K + k] * kernel[k * O + o];
    }
    return y;
}

Array col2im(const Array& patches, const Sizes& x_shape, const Window& window) {
    Array dx(x_shape);
    for_each_of_patches(x_shape, window, [&](std::size_t xi, std::size_t pi) { dx[xi] += patches[pi]; });
    return dx;
}

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
                dpatches[m * K + k] += dz * kernel[k * O + o];
                d.dkernel[k * O + o] += dz * patches[m * K + k];
            }
        }
    d.dx = col2im(dpatches, x.shape, window);
    return d;
}

}  // namespace exercise
