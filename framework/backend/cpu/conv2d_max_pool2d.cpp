// A convolution and the pooling after it, one image at a time: what the convolution computes is pooled while it is in the
// thread's L2 cache, and never goes to memory; on the way back dz is made there from the pooled dy.
#include "backend/cpu/conv2d_direct_backward.h"
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/max_pool2d.h"
#include "backend/cpu/sum_parts.h"
#include "backend/cpu/winograd.h"

#include <algorithm>

namespace cairn {

namespace {

// Rows of y at a time, so many that the convolution has full tiles to compute (tile.h). What they are pooled from stays in L1.
std::int64_t rows_at_once(const cpu::PoolSizes& s) {
    constexpr std::int64_t pixels = 48;
    if (!s.halves()) return s.OH;
    return std::min(s.OH, (pixels + 2 * s.W - 1) / (2 * s.W));
}

template <typename T>
void forward(const cpu::ConvolutionSizes& s, const cpu::PoolSizes& image, const T* x, const T* kernel, const T* bias,
             bool relu, T* y, std::int32_t* places, Allocator& allocator) {
    const std::int64_t grain = cpu::product_grain(s.OH * s.OW * s.patch() * s.O);
    const cpu::ImageConvolution<T> convolution(s, kernel, bias, relu, threads_for(s.N, grain), allocator);
    const std::int64_t at_once = rows_at_once(image), convolved = image.halves() ? 2 * at_once : s.OH;
    const std::int64_t pooled = image.OW * image.C;  // a row of y
    const Tensor buffers = Tensor::empty({threads_for(s.N, grain), convolved * s.OW * s.O}, dtype_of<T>(), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        T* z = cpu::part_of<T>(buffers, thread);
        for (std::int64_t n = begin; n < end; ++n) {
            const T* framed = convolution.framed(x, n, thread);
            for (std::int64_t first = 0; first < image.OH; first += at_once) {
                const std::int64_t rows = std::min(at_once, image.OH - first), at = (n * image.OH + first) * pooled;
                convolution.run_rows(framed, image.halves() ? 2 * first : 0, image.halves() ? 2 * (first + rows) : s.OH,
                                     z);
                for (std::int64_t row = 0; row < rows; ++row)
                    cpu::pool_row(image, z, row, y + at, places ? places + at : nullptr);
            }
        }
    });
}

// The same by Winograd's tiles: a group of images at a time, whose convolutions stay in L2 until they are pooled.
template <typename T>
void forward_by_winograd(const cpu::ConvolutionSizes& s, const cpu::PoolSizes& image, const T* x, const T* kernel,
                         const T* bias, bool relu, T* y, std::int32_t* places, Allocator& allocator) {
    const std::int64_t grain = cpu::product_grain(s.OH * s.OW * s.patch() * s.O);
    const cpu::WinogradLayer<T> layer(s, kernel, bias, relu, threads_for(s.N, grain), allocator);
    const std::int64_t at_once = layer.images_at_once(), convolved = s.OH * s.OW * s.O;
    const std::int64_t pooled = image.OH * image.OW * image.C;
    const Tensor buffers = Tensor::empty({threads_for(s.N, grain), at_once * convolved}, dtype_of<T>(), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        T* z = cpu::part_of<T>(buffers, thread);
        for (std::int64_t n = begin; n < end; n += at_once) {
            const std::int64_t images = std::min(at_once, end - n);
            layer.run(x, n, images, thread, z);
            for (std::int64_t row = 0; row < images * image.OH; ++row)
                cpu::pool_row(image, z, row, y + n * pooled, places ? places + n * pooled : nullptr);
        }
    });
}

// dz of one image, in its frame: every dy goes to where its maximum was. With ReLU only where the maximum is positive.
template <typename T>
class Unpool {
public:
    Unpool(const cpu::PoolSizes& image, const cpu::Frame& frame, T* dz) : s(image), frame_(frame), dz_(dz) {}

    // y: nullptr without an activation.
    void run(const T* y, const T* dy, const std::int32_t* places) {
        const bool halves = s.halves();
        if (!halves)
            for (std::int64_t i = 0; i < s.H; ++i) std::fill_n(dz_ + frame_.at(i), s.W * frame_.stride, T(0));
        for (std::int64_t i = 0; i < s.OH; ++i)
            for (std::int64_t j = 0; j < s.OW; ++j, dy += s.C, places += s.C) {
                if (halves && y) spread([=](std::int64_t c) { return y[c] > 0 ? dy[c] : T(0); }, places, i, j);
                else if (halves) spread([=](std::int64_t c) { return dy[c]; }, places, i, j);
                else add(y, dy, places, i, j);
                if (y) y += s.C;
            }
    }

private:
    template <typename Cotangent>
    void spread(const Cotangent& of, const std::int32_t* places, std::int64_t i, std::int64_t j) const {
        cpu::spread_2x2(of, places, s.C, frame_.stride, frame_.row_stride(),
                        dz_ + frame_.at(2 * i) + 2 * j * frame_.stride);
    }

    void add(const T* y, const T* dy, const std::int32_t* places, std::int64_t i, std::int64_t j) const {
        for (std::int64_t c = 0; c < s.C; ++c) {
            if (y && !(y[c] > 0)) continue;
            const std::int64_t row = i * s.window.stride_h - s.window.pad_top + places[c] / s.window.window_w;
            const std::int64_t column = j * s.window.stride_w - s.window.pad_left + places[c] % s.window.window_w;
            dz_[frame_.at(row) + column * frame_.stride + c] += dy[c];
        }
    }

    const cpu::PoolSizes& s;
    const cpu::Frame& frame_;
    T* dz_;
};

}  // namespace

void CpuBackend::conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling) {
    if (!cpu::is_direct(layer.window)) return Backend::conv2d_max_pool2d(layer, pooling);
    with_float(pooling.y.dtype(), [&]<typename T>() {
        const auto& [x, kernel, bias, window, convolved, relu, algorithm] = layer;
        const cpu::ConvolutionSizes sizes(x.shape(), kernel.shape(), window, convolved);
        const auto run = cpu::is_winograd(sizes) ? forward_by_winograd<T> : forward<T>;
        run(sizes, cpu::PoolSizes(convolved, pooling.window, pooling.y.shape()), x.data<T>(), kernel.data<T>(),
            cpu::data_or_null<T>(bias), relu, pooling.y.data<T>(), cpu::data_or_null<std::int32_t>(pooling.argmax),
            allocator_);
    });
}

void CpuBackend::conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                            const LayerGradients& out) {
    if (!cpu::is_direct(layer.window)) return Backend::conv2d_max_pool2d_backward(layer, pooling, dy, out);
    with_float(dy.dtype(), [&]<typename T>() {
        const auto& [x, kernel, bias, window, convolved, relu, algorithm] = layer;
        const auto& [dx, dkernel, dbias] = out;
        const cpu::PoolSizes image(convolved, pooling.window, dy.shape());
        const std::int64_t pooled = image.OH * image.OW * image.C;
        const T *maxima = relu ? pooling.y.data<T>() : nullptr, *cotangent = dy.data<T>();
        const std::int32_t* places = pooling.argmax.data<std::int32_t>();
        const cpu::DirectBackward<T> pass{
            .s = cpu::ConvolutionSizes((x.defined() ? x : dx).shape(), (kernel.defined() ? kernel : dkernel).shape(),
                                       window, convolved),
            .x = cpu::data_or_null<T>(x),
            .kernel = cpu::data_or_null<T>(kernel),
            .dx = cpu::data_or_null<T>(dx),
            .dkernel = cpu::data_or_null<T>(dkernel),
            .dbias = cpu::data_or_null<T>(dbias),
            .put_dz = [&](std::int64_t n, const cpu::Frame& frame, T* to) {
                Unpool<T>(image, frame, to)
                    .run(maxima ? maxima + n * pooled : nullptr, cotangent + n * pooled, places + n * pooled);
            }};
        pass.run(allocator_);
    });
}

}  // namespace cairn
