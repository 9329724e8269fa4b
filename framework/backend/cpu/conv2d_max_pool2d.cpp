// A convolution and the pooling after it, one image at a time: what the convolution computes is pooled while it is in the
// thread's L2 cache, and never goes to memory; on the way back dz is made there from the pooled dy.
#include "cairn/backend/cpu/conv2d_direct.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/framed_backward.h"
#include "cairn/backend/cpu/max_pool2d.h"
#include "cairn/backend/cpu/winograd.h"

#include <algorithm>

namespace cairn {

namespace {

// Rows of y at a time, so many that the convolution has full strips to compute (micro_kernel.h). What they are pooled from stays
// in L1.
std::int64_t rows_at_once(const cpu::PoolSizes& s) {
    constexpr std::int64_t pixels = 48;
    if (!s.halves()) return s.OH;
    return std::min(s.OH, (pixels + 2 * s.W - 1) / (2 * s.W));
}

// y and argmax of a pooled convolution; argmax may be nullptr.
template <typename T>
struct Pooled {
    Pooled(const Shape& convolved, const Pooling& pooling)
        : s(convolved, pooling.window, pooling.y.shape()),
          y(pooling.y.data<T>()),
          argmax(cpu::optional_data<std::int32_t>(pooling.argmax)) {}

    // Pools row `row` of z to row `first` + `row`, both counted over all images.
    void pool(const T* z, std::int64_t row, std::int64_t first) const {
        const std::int64_t at = first * s.OW * s.C;
        cpu::pool_row(s, z, row, y + at, argmax ? argmax + at : nullptr);
    }

    cpu::PoolSizes s;
    T* y;
    std::int32_t* argmax;
};

// Calls body(layer, n, images, z, thread) for groups of images; threads share them out, and z (rows, OW, O) is a thread's own
// memory for what the layer computes of them.
template <typename Layer, typename T, typename Body>
void for_groups(const cpu::ForwardOperands<T>& operands, std::int64_t rows, Allocator& allocator, const Body& body) {
    const cpu::ConvolutionSizes& s = operands.s;
    const std::int64_t grain = cpu::product_grain(s.multiply_adds());
    const int threads = threads_for(s.N, grain);
    const Layer layer(operands, threads, allocator);
    const std::int64_t at_once = layer.images_at_once();
    const Tensor z = cpu::scratch<T>({threads, at_once * rows * s.OW * s.O}, allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t n = begin; n < end; n += at_once)
            body(layer, n, std::min(at_once, end - n), cpu::part_of<T>(z, thread), thread);
    });
}

// Some rows of an image at a time.
template <typename T>
void forward_directly(const cpu::ForwardOperands<T>& operands, const Pooled<T>& pooled, Allocator& allocator) {
    const cpu::PoolSizes& p = pooled.s;
    const std::int64_t at_once = rows_at_once(p), convolved = p.halves() ? 2 * at_once : p.H;
    for_groups<cpu::DirectLayer<T>>(
        operands, convolved, allocator, [&](const auto& layer, std::int64_t n, std::int64_t, T* z, int thread) {
            const T* framed = layer.framed(n, thread);
            for (std::int64_t first = 0; first < p.OH; first += at_once) {
                const std::int64_t rows = std::min(at_once, p.OH - first);
                layer.run_rows(framed, p.halves() ? 2 * first : 0, p.halves() ? 2 * (first + rows) : p.H, z);
                for (std::int64_t row = 0; row < rows; ++row) pooled.pool(z, row, n * p.OH + first);
            }
        });
}

// A group of images at a time, whose convolutions stay in L2 until they are pooled.
template <typename T>
void forward_by_winograd(const cpu::ForwardOperands<T>& operands, const Pooled<T>& pooled, Allocator& allocator) {
    const cpu::PoolSizes& p = pooled.s;
    for_groups<cpu::WinogradLayer<T>>(operands, p.H, allocator,
                                      [&](const auto& layer, std::int64_t n, std::int64_t images, T* z, int thread) {
                                          layer.run(n, images, thread, z);
                                          for (std::int64_t row = 0; row < images * p.OH; ++row)
                                              pooled.pool(z, row, n * p.OH);
                                      });
}

// dz of one image, in its frame: every dy goes to where its maximum was. With ReLU only where the maximum is positive.
template <typename T>
class Unpool {
public:
    Unpool(const cpu::PoolSizes& sizes, const cpu::Frame& frame, T* dz) : s(sizes), frame_(frame), dz_(dz) {}

    // y: nullptr without an activation.
    void run(const T* y, const T* dy, const std::int32_t* argmax) const {
        const bool halves = s.halves();
        if (!halves)
            for (std::int64_t i = 0; i < s.H; ++i)
                std::fill_n(pixel(i, 0), (s.W - 1) * frame_.to_next_pixel() + frame_.stride, T(0));
        for (std::int64_t i = 0; i < s.OH; ++i)
            for (std::int64_t j = 0; j < s.OW; ++j, dy += s.C, argmax += s.C) {
                if (halves && y) spread([=](std::int64_t c) { return y[c] > 0 ? dy[c] : T(0); }, argmax, i, j);
                else if (halves) spread([=](std::int64_t c) { return dy[c]; }, argmax, i, j);
                else add(y, dy, argmax, i, j);
                if (y) y += s.C;
            }
    }

private:
    T* pixel(std::int64_t i, std::int64_t j) const { return dz_ + frame_.at(i) + j * frame_.to_next_pixel(); }

    template <typename Cotangent>
    void spread(const Cotangent& of, const std::int32_t* argmax, std::int64_t i, std::int64_t j) const {
        cpu::spread_2x2(of, argmax, s.C, frame_.to_next_pixel(), frame_.to_next_row(), pixel(2 * i, 2 * j));
    }

    void add(const T* y, const T* dy, const std::int32_t* argmax, std::int64_t i, std::int64_t j) const {
        for (std::int64_t c = 0; c < s.C; ++c) {
            if (y && !(y[c] > 0)) continue;
            const std::int64_t row = i * s.window.stride_h - s.window.pad_top + argmax[c] / s.window.window_w;
            const std::int64_t column = j * s.window.stride_w - s.window.pad_left + argmax[c] % s.window.window_w;
            pixel(row, column)[c] += dy[c];
        }
    }

    const cpu::PoolSizes& s;
    const cpu::Frame& frame_;
    T* dz_;
};

}  // namespace

void CpuBackend::conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling) {
    with_float(pooling.y.dtype(), [&]<typename T>() {
        const cpu::ForwardOperands<T> operands(layer);
        const Pooled<T> pooled(layer.output, pooling);
        switch (cpu::algorithm_for(cpu::ConvolutionPass::forward, operands.s, layer.algorithm)) {
            case ConvolutionAlgorithm::winograd: return forward_by_winograd(operands, pooled, allocator_);
            case ConvolutionAlgorithm::direct: return forward_directly(operands, pooled, allocator_);
            default: return Backend::conv2d_max_pool2d(layer, pooling);
        }
    });
}

void CpuBackend::conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                            const LayerGradients& out) {
    with_float(dy.dtype(), [&]<typename T>() {
        const cpu::GradientOperands<T> operands(layer, out);
        const auto algorithm = cpu::algorithm_of_gradients(operands.s, layer.algorithm, out);
        if (!algorithm || *algorithm == ConvolutionAlgorithm::im2col)
            return Backend::conv2d_max_pool2d_backward(layer, pooling, dy, out);
        const cpu::PoolSizes s(layer.output, pooling.window, dy.shape());
        const T *maxima = layer.relu ? pooling.y.data<T>() : nullptr, *cotangent = dy.data<T>();
        const std::int32_t* argmax = pooling.argmax.data<std::int32_t>();
        const auto put = [&](std::int64_t n, const cpu::Frame& frame, T* to) {
            const std::int64_t at = n * s.OH * s.OW * s.C;
            Unpool<T>(s, frame, to).run(maxima ? maxima + at : nullptr, cotangent + at, argmax + at);
        };
        cpu::FramedBackward<T>{operands, put}.run(*algorithm, allocator_);
    });
}

}  // namespace cairn
