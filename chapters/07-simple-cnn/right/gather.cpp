// Another right answer: each element of dx and dkernel collects its terms, pooling keeps a list of places, products are plain
// dot products.
#include "chapters/07-simple-cnn/exercise.h"

#include <algorithm>

namespace exercise {

namespace {

// Reads an array of four axes as a[n, i, j, c].
struct View {
    const Array& a;
    double operator()(std::size_t n, std::size_t i, std::size_t j, std::size_t c) const {
        return a[c + a.shape[3] * (j + a.shape[2] * (i + a.shape[1] * n))];
    }
};

// body(i, j, k, l) for every element, in order.
template <typename Body>
void fill(Array& a, const Body& body) {
    std::size_t element = 0;
    for (std::size_t i = 0; i < a.shape[0]; ++i)
        for (std::size_t j = 0; j < a.shape[1]; ++j)
            for (std::size_t k = 0; k < a.shape[2]; ++k)
                for (std::size_t l = 0; l < a.shape[3]; ++l) a[element++] = body(i, j, k, l);
}

// The windows along one axis that see pixel u: those i for which u - i s lies in 0 … k - 1.
std::vector<std::size_t> seen_by(std::size_t u, std::size_t k, std::size_t s, std::size_t windows) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < windows && i * s <= u; ++i)
        if (u - i * s < k) all.push_back(i);
    return all;
}

double dot(const double* a, std::size_t step_a, const double* b, std::size_t step_b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i * step_a] * b[i * step_b];
    return sum;
}

// The pixels of a window, counted from the image's corner, that lie inside of the image.
std::vector<std::pair<std::size_t, std::size_t>> pixels(const Array& x, const Window& w, std::size_t i, std::size_t j) {
    std::vector<std::pair<std::size_t, std::size_t>> inside;
    for (std::size_t u = 0; u < x.shape[1]; ++u)
        for (std::size_t v = 0; v < x.shape[2]; ++v) {
            const std::size_t top = i * w.strides.h, left = j * w.strides.w;
            if (u + w.pad_h >= top && u + w.pad_h < top + w.h && v + w.pad_w >= left && v + w.pad_w < left + w.w)
                inside.emplace_back(u, v);
        }
    return inside;
}

}  // namespace

Array conv2d(const Array& x, const Array& kernel, const Array& bias, Strides strides) {
    Array y({x.shape[0], (x.shape[1] - kernel.shape[0]) / strides.h + 1, (x.shape[2] - kernel.shape[1]) / strides.w + 1,
             kernel.shape[3]});
    fill(y, [&](std::size_t n, std::size_t i, std::size_t j, std::size_t o) {
        double sum = 0;
        for (std::size_t c = 0; c < kernel.shape[2]; ++c)
            for (std::size_t b = 0; b < kernel.shape[1]; ++b)
                for (std::size_t a = 0; a < kernel.shape[0]; ++a)
                    sum += View{x}(n, i * strides.h + a, j * strides.w + b, c) * View{kernel}(a, b, c, o);
        return sum + bias[o];
    });
    return y;
}

Array conv2d_dx(const Sizes& x_shape, const Array& kernel, const Array& dy, Strides strides) {
    Array dx(x_shape);
    fill(dx, [&](std::size_t n, std::size_t u, std::size_t v, std::size_t c) {
        double sum = 0;
        for (const std::size_t i : seen_by(u, kernel.shape[0], strides.h, dy.shape[1]))
            for (const std::size_t j : seen_by(v, kernel.shape[1], strides.w, dy.shape[2]))
                for (std::size_t o = 0; o < kernel.shape[3]; ++o)
                    sum += View{dy}(n, i, j, o) * View{kernel}(u - i * strides.h, v - j * strides.w, c, o);
        return sum;
    });
    return dx;
}

Array conv2d_dkernel(const Array& x, const Sizes& kernel_shape, const Array& dy, Strides strides) {
    Array dkernel(kernel_shape);
    fill(dkernel, [&](std::size_t a, std::size_t b, std::size_t c, std::size_t o) {
        double sum = 0;
        for (std::size_t n = 0; n < dy.shape[0]; ++n)
            for (std::size_t i = 0; i < dy.shape[1]; ++i)
                for (std::size_t j = 0; j < dy.shape[2]; ++j)
                    sum += View{x}(n, i * strides.h + a, j * strides.w + b, c) * View{dy}(n, i, j, o);
        return sum;
    });
    return dkernel;
}

Array max_pool(const Array& x, const Window& w) {
    Array y({x.shape[0], (x.shape[1] + 2 * w.pad_h - w.h) / w.strides.h + 1,
             (x.shape[2] + 2 * w.pad_w - w.w) / w.strides.w + 1, x.shape[3]});
    fill(y, [&](std::size_t n, std::size_t i, std::size_t j, std::size_t c) {
        std::vector<double> seen;
        for (const auto& [u, v] : pixels(x, w, i, j)) seen.push_back(View{x}(n, u, v, c));
        return *std::max_element(seen.begin(), seen.end());
    });
    return y;
}

Array max_pool_backward(const Array& x, const Array& dy, const Window& w) {
    Array dx(x.shape), visited = dy;
    fill(visited, [&](std::size_t n, std::size_t i, std::size_t j, std::size_t c) {
        const auto inside = pixels(x, w, i, j);
        const auto [u, v] = *std::max_element(inside.begin(), inside.end(), [&](const auto& p, const auto& q) {
            return View{x}(n, p.first, p.second, c) < View{x}(n, q.first, q.second, c);
        });
        dx[((n * x.shape[1] + u) * x.shape[2] + v) * x.shape[3] + c] += View{dy}(n, i, j, c);
        return 0.0;
    });
    return dx;
}

Array im2col(const Array& x, const Window& w) {
    const std::size_t OH = (x.shape[1] - w.h) / w.strides.h + 1, OW = (x.shape[2] - w.w) / w.strides.w + 1, C = x.shape[3];
    Array patches({x.shape[0] * OH * OW, w.h * w.w * C});
    for (std::size_t m = 0; m < patches.shape[0]; ++m)
        for (std::size_t k = 0; k < patches.shape[1]; ++k)
            patches[m * patches.shape[1] + k] =
                View{x}(m / (OH * OW), m / OW % OH * w.strides.h + k / (w.w * C), m % OW * w.strides.w + k / C % w.w, k % C);
    return patches;
}

Array conv2d_gemm(const Array& x, const Array& kernel, const Array& bias, Strides strides) {
    const Sizes& s = kernel.shape;
    const Array patches = im2col(x, {.h = s[0], .w = s[1], .strides = strides});
    Array y({x.shape[0], (x.shape[1] - s[0]) / strides.h + 1, (x.shape[2] - s[1]) / strides.w + 1, s[3]});
    const std::size_t K = patches.shape[1];
    for (std::size_t i = 0; i < y.size(); ++i)
        y[i] = bias[i % s[3]] + dot(&patches.values[i / s[3] * K], 1, &kernel.values[i % s[3]], s[3], K);
    return y;
}

Array col2im(const Array& patches, const Sizes& x_shape, const Window& w) {
    // Where im2col would have taken each number from: it is asked with the elements' numbers for an image.
    Array numbers(x_shape), dx(x_shape);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i);
    const Array from = im2col(numbers, w);
    for (std::size_t i = 0; i < patches.size(); ++i) dx[static_cast<std::size_t>(from[i])] += patches[i];
    return dx;
}

Gradients conv2d_gemm_backward(const Array& x, const Array& kernel, const Array& dy, Strides strides) {
    const Window window{.h = kernel.shape[0], .w = kernel.shape[1], .strides = strides};
    const Array patches = im2col(x, window);
    const std::size_t M = patches.shape[0], K = patches.shape[1], O = kernel.shape[3];
    Array dpatches({M, K});
    for (std::size_t i = 0; i < M * K; ++i)
        dpatches[i] = dot(&dy.values[i / K * O], 1, &kernel.values[i % K * O], 1, O);
    Gradients d{col2im(dpatches, x.shape, window), Array(kernel.shape), Array({O})};
    for (std::size_t i = 0; i < K * O; ++i)
        d.dkernel[i] = dot(&patches.values[i / O], K, &dy.values[i % O], O, M);
    for (std::size_t i = 0; i < dy.size(); ++i) d.dbias[i % O] += dy[i];
    return d;
}

}  // namespace exercise
