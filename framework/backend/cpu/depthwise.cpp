#include "cairn/backend/cpu/depthwise.h"

#include "cairn/backend/cpu/bias_gradient.h"
#include "cairn/backend/cpu/epilogue.h"
#include "cairn/backend/cpu/micro_kernel.h"

#include <algorithm>
#include <span>
#include <vector>

namespace cairn::cpu {

namespace {

// Where O numbers begin in each of two arrays.
struct Pair {
    std::int64_t a, b;
};

template <int V, typename T>
void multiply(std::span<const Pair> pairs, const T* a, const T* b, T* to) {
    Vector<T> sums[V] = {};
    for (const Pair& pair : pairs)
        for (int v = 0; v < V; ++v) sums[v] += load(a + pair.a + v * lanes<T>) * load(b + pair.b + v * lanes<T>);
    for (int v = 0; v < V; ++v) store(to + v * lanes<T>, sums[v]);
}

// to[o] = sum over the pairs of a[pair.a + o] b[pair.b + o] for 0 <= o < O. Four vectors of sums at a time, so that a
// multiply-add need not wait for the one before.
template <typename T>
void sum_of_products(std::span<const Pair> pairs, const T* a, const T* b, std::int64_t O, T* to) {
    constexpr std::int64_t one = lanes<T>, four = 4 * one;
    std::int64_t o = 0;
    for (; o + four <= O; o += four) multiply<4>(pairs, a + o, b + o, to + o);
    for (; o + one <= O; o += one) multiply<1>(pairs, a + o, b + o, to + o);
    std::fill(to + o, to + O, T(0));
    for (const Pair& pair : pairs)
        for (std::int64_t rest = o; rest < O; ++rest) to[rest] += a[pair.a + rest] * b[pair.b + rest];
}

// Along one axis: output i and element a of the kernel meet at pixel u = i * stride - pad + a * dilation of the image.
struct Meeting {
    std::int64_t output, element, pixel;
};

struct Axis {
    Axis(std::int64_t outputs, std::int64_t elements, std::int64_t pixels, std::int64_t stride, std::int64_t pad,
         std::int64_t dilation)
        : of_output(static_cast<std::size_t>(outputs)),
          of_element(static_cast<std::size_t>(elements)),
          of_pixel(static_cast<std::size_t>(pixels)) {
        for (std::int64_t i = 0; i < outputs; ++i)
            for (std::int64_t a = 0; a < elements; ++a) {
                const std::int64_t u = i * stride - pad + a * dilation;
                if (u < 0 || u >= pixels) continue;
                of_output[static_cast<std::size_t>(i)].push_back({i, a, u});
                of_element[static_cast<std::size_t>(a)].push_back({i, a, u});
                of_pixel[static_cast<std::size_t>(u)].push_back({i, a, u});
            }
    }

    std::vector<std::vector<Meeting>> of_output, of_element, of_pixel;
};

// Which numbers are multiplied, in images and a kernel of O channels.
class Meetings {
public:
    explicit Meetings(const ConvolutionSizes& sizes)
        : s(sizes),
          rows_(s.OH, s.window.window_h, s.H, s.window.stride_h, s.window.pad_top, s.window.dilation_h),
          columns_(s.OW, s.window.window_w, s.W, s.window.stride_w, s.window.pad_left, s.window.dilation_w) {}

    // For output (i, j): where x and the kernel meet.
    void of_output(std::int64_t i, std::int64_t j, std::vector<Pair>& pairs) const {
        pairs.clear();
        for (const Meeting& row : rows_.of_output[static_cast<std::size_t>(i)])
            for (const Meeting& column : columns_.of_output[static_cast<std::size_t>(j)])
                pairs.push_back({pixel(row, column), element(row, column)});
    }

    // For pixel (u, v): where dz and the kernel meet.
    void of_pixel(std::int64_t u, std::int64_t v, std::vector<Pair>& pairs) const {
        pairs.clear();
        for (const Meeting& row : rows_.of_pixel[static_cast<std::size_t>(u)])
            for (const Meeting& column : columns_.of_pixel[static_cast<std::size_t>(v)])
                pairs.push_back({output(row, column), element(row, column)});
    }

    // For element (a, b) of the kernel, one row of outputs after the other: calls sum(where x and dz meet).
    template <typename Sum>
    void for_each_row_of_element(std::int64_t a, std::int64_t b, std::vector<Pair>& pairs, const Sum& sum) const {
        for (const Meeting& row : rows_.of_element[static_cast<std::size_t>(a)]) {
            pairs.clear();
            for (const Meeting& column : columns_.of_element[static_cast<std::size_t>(b)])
                pairs.push_back({pixel(row, column), output(row, column)});
            sum(pairs);
        }
    }

private:
    std::int64_t pixel(const Meeting& row, const Meeting& column) const {
        return (row.pixel * s.W + column.pixel) * s.O;
    }
    std::int64_t output(const Meeting& row, const Meeting& column) const {
        return (row.output * s.OW + column.output) * s.O;
    }
    std::int64_t element(const Meeting& row, const Meeting& column) const {
        return (row.element * s.window.window_w + column.element) * s.O;
    }

    ConvolutionSizes s;
    Axis rows_, columns_;
};

// x with as many channels as y: itself, or a copy in which each channel stands M times.
template <typename T>
class WideImages {
public:
    WideImages(const T* x, const ConvolutionSizes& s, Allocator& allocator) : x_(x), image_(s.H * s.W * s.O) {
        const std::int64_t C = s.C, M = s.O / s.C;
        if (M == 1) return;
        copy_ = scratch<T>({s.N * s.H * s.W, s.O}, allocator);
        T* to = copy_.data<T>();
        for_each_row(s.N * s.H * s.W, s.O, [=](std::int64_t pixel) {
            for (std::int64_t c = 0; c < C; ++c) std::fill_n(to + (pixel * C + c) * M, M, x[pixel * C + c]);
        });
    }

    const T* image(std::int64_t n) const { return (copy_.defined() ? copy_.data<T>() : x_) + n * image_; }

private:
    const T* x_;
    std::int64_t image_;
    Tensor copy_;
};

// Threads share out the images; every thread sums dkernel and dbias of its own, and the sums are added in the order of the
// threads. A row of outputs is summed in T, the rows in double.
template <typename T>
class BackwardPass {
public:
    BackwardPass(const GradientOperands<T>& operands, const T* y, const T* dy, std::int64_t threads,
                 Allocator& allocator)
        : g_(operands), y_(y), dy_(dy), meetings_(g_.s), bias_(g_.dbias, g_.s.O, threads, allocator) {
        if (y) dz_ = scratch<T>({threads, s.y_image()}, allocator);
        row_ = scratch<T>({threads, s.O}, allocator);
        if (g_.dkernel) {
            sums_ = scratch<double>({threads, s.patch(), s.O}, allocator);
            x_.emplace(g_.x, s, allocator);
        }
    }

    void run(std::int64_t first, std::int64_t last, int thread) const {
        bias_.start(thread);
        if (g_.dkernel) std::fill_n(part_of<double>(sums_, thread), s.patch() * s.O, 0.0);
        std::vector<Pair> pairs;
        for (std::int64_t n = first; n < last; ++n) {
            const T* dz = cotangent(n, thread);
            if (g_.dbias)
                for (std::int64_t i = 0; i < s.OH; ++i) bias_.add(dz + i * s.OW * s.O, s.OW, s.O, thread);
            if (g_.dkernel) add_to_kernel(x_->image(n), dz, pairs, thread);
            if (g_.dx) input_gradient(dz, pairs, g_.dx + n * s.x_image(), part_of<T>(row_, thread));
        }
    }

    void finish() const {
        if (g_.dkernel) sum_parts(sums_.data<double>(), sums_.dim(0), s.patch(), s.O, g_.dkernel, s.O);
        bias_.finish(s.O);
    }

private:
    const T* cotangent(std::int64_t n, int thread) const {
        const T* dy = dy_ + n * s.y_image();
        if (!y_) return dy;
        T* dz = part_of<T>(dz_, thread);
        mask_by_relu(y_ + n * s.y_image(), dy, s.y_image(), dz);
        return dz;
    }

    void add_to_kernel(const T* x, const T* dz, std::vector<Pair>& pairs, int thread) const {
        T* row = part_of<T>(row_, thread);
        double* sums = part_of<double>(sums_, thread);
        for (std::int64_t a = 0; a < s.window.window_h; ++a)
            for (std::int64_t b = 0; b < s.window.window_w; ++b, sums += s.O)
                meetings_.for_each_row_of_element(a, b, pairs, [&](std::span<const Pair> of_row) {
                    sum_of_products(of_row, x, dz, s.O, row);
                    for (std::int64_t o = 0; o < s.O; ++o) sums[o] += row[o];
                });
    }

    void input_gradient(const T* dz, std::vector<Pair>& pairs, T* dx, T* wide) const {
        const std::int64_t M = s.O / s.C;
        for (std::int64_t u = 0; u < s.H; ++u)
            for (std::int64_t v = 0; v < s.W; ++v, dx += s.C) {
                meetings_.of_pixel(u, v, pairs);
                sum_of_products(pairs, dz, g_.kernel, s.O, M == 1 ? dx : wide);
                if (M == 1) continue;
                for (std::int64_t c = 0; c < s.C; ++c) {
                    dx[c] = 0;
                    for (std::int64_t m = 0; m < M; ++m) dx[c] += wide[c * M + m];
                }
            }
    }

    const GradientOperands<T>& g_;
    const ConvolutionSizes& s = g_.s;
    const T *y_, *dy_;
    Meetings meetings_;
    BiasGradient<T> bias_;
    std::optional<WideImages<T>> x_;
    Tensor dz_, row_, sums_;
};

}  // namespace

// Threads share out the output rows of the whole batch.
template <typename T>
void depthwise_forward(const ForwardOperands<T>& operands, T* y, Allocator& allocator) {
    const ConvolutionSizes& s = operands.s;
    const Meetings meetings(s);
    const WideImages<T> x(operands.x, s, allocator);
    const std::int64_t line = s.OW * s.O;
    parallel_for(s.N * s.OH, product_grain(line * s.patch()), [&](std::int64_t begin, std::int64_t end, int) {
        std::vector<Pair> pairs;
        for (std::int64_t row = begin; row < end; ++row) {
            const T* image = x.image(row / s.OH);
            for (std::int64_t j = 0; j < s.OW; ++j) {
                meetings.of_output(row % s.OH, j, pairs);
                sum_of_products(pairs, image, operands.kernel, s.O, y + row * line + j * s.O);
            }
            add_bias_and_activate(s.OW, s.O, operands.bias, operands.relu, y + row * line, s.O);
        }
    });
}

template <typename T>
void depthwise_backward(const GradientOperands<T>& operands, const T* y, const T* dy, Allocator& allocator) {
    const ConvolutionSizes& s = operands.s;
    const std::int64_t grain = product_grain(s.multiply_adds());
    const BackwardPass<T> pass(operands, y, dy, threads_for(s.N, grain), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) { pass.run(begin, end, thread); });
    pass.finish();
}

template void depthwise_forward<float>(const ForwardOperands<float>&, float*, Allocator&);
template void depthwise_forward<double>(const ForwardOperands<double>&, double*, Allocator&);
template void depthwise_backward<float>(const GradientOperands<float>&, const float*, const float*, Allocator&);
template void depthwise_backward<double>(const GradientOperands<double>&, const double*, const double*, Allocator&);

}  // namespace cairn::cpu
