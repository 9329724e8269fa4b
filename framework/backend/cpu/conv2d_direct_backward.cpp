#include "backend/cpu/conv2d_direct_backward.h"

#include "backend/cpu/loops.h"
#include "backend/cpu/sum_parts.h"
#include "backend/cpu/winograd.h"
#include "backend/cpu/winograd_gradient.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace cairn::cpu {

namespace {

// Several images at a time, so many that they stay in a core's L2 cache: each adds to all of dkernel, which is read and
// written once for all of them.
std::int64_t images_at_once(std::int64_t bytes_per_image) {
    constexpr std::int64_t group_bytes = 256 * 1024;
    return std::clamp<std::int64_t>(group_bytes / std::max<std::int64_t>(1, bytes_per_image), 1, 16);
}

// dkernel is summed a block of pixels at a time: small images, or some lines of a large one, so that their dz and the numbers of
// x under them stay in L1. Against all pixels of several images at once: 75 instead of 64 GFLOP/s for 16 x 16 x 32 to 64
// channels (AVX2).
constexpr std::int64_t block_pixels = 128;
std::int64_t block_images(const ConvolutionSizes& s) { return std::max<std::int64_t>(1, block_pixels / (s.OH * s.OW)); }
std::int64_t block_rows(const ConvolutionSizes& s) { return std::clamp<std::int64_t>(block_pixels / s.OW, 1, s.OH); }

// Both gradients by Winograd's tiles.
template <typename T>
struct Winograd {
    using Tile = F4<T>;

    Winograd(const ConvolutionSizes& s, const Frame& x_frame, const Frame& dz_frame)
        : kernel_gradient(x_frame, dz_frame, TileGrid<Tile>(s.OH, s.OW)),
          input_gradient(dz_frame, TileGrid<Tile>(s.H, s.W), s.C),
          images(TileGrid<Tile>(s.OH, s.OW).images(gradient_tiles)) {}

    std::int64_t scratch_size() const {
        return std::max(kernel_gradient.scratch_size(), input_gradient.scratch_size());
    }

    WinogradKernelGradient<T> kernel_gradient;
    WinogradConvolution<Tile> input_gradient;  // of dz with the turned kernel
    std::int64_t images;                       // at once
};

// The work of one thread.
template <typename T>
class Worker {
public:
    struct Memory {
        T *x_frames, *dz_frames, *kernel_sum, *row_sum, *winograd;
        double* bias_sum;
    };

    Worker(const DirectBackward<T>& pass, const Frame& x_frame, const Frame& dz_frame, const Winograd<T>* winograd,
           const T* turned, Memory memory)
        : pass_(pass),
          x_frame_(x_frame),
          dz_frame_(dz_frame),
          winograd_(winograd),
          turned_(turned),
          memory_(memory),
          convolution_(dz_frame, pass.s.window.window_h, pass.s.window.window_w, pass.s.H, pass.s.W, pass.s.C) {
        const ConvolutionSizes& s = pass.s;
        const std::int64_t run = s.window.window_w * s.C;
        for (std::int64_t k = 0; k < s.patch(); ++k)
            patch_.push_back(k / run * x_frame.row_stride() + k % run / s.C * x_frame.stride + k % s.C);
    }

    // Images first … last - 1.
    void run(std::int64_t first, std::int64_t last, std::int64_t at_once) {
        if (memory_.x_frames) std::fill_n(memory_.x_frames, at_once * x_frame_.size(), T(0));
        std::fill_n(memory_.dz_frames, at_once * dz_frame_.size(), T(0));
        if (pass_.dbias) std::fill_n(memory_.bias_sum, dz_frame_.channels, 0.0);
        for (std::int64_t n = first; n < last; n += at_once) {
            const std::int64_t images = std::min(at_once, last - n);
            for (std::int64_t i = 0; i < images; ++i) prepare(n + i, i);
            if (pass_.dkernel) add_kernel_gradient(n, images, n > first);
            if (pass_.dx) input_gradient(n, images);
        }
    }

private:
    void prepare(std::int64_t n, std::int64_t place) const {
        const ConvolutionSizes& s = pass_.s;
        T* dz = memory_.dz_frames + place * dz_frame_.size();
        pass_.put_dz(n, dz_frame_, dz);
        if (pass_.dbias)
            for (std::int64_t i = 0; i < s.OH; ++i) add_columns(dz + dz_frame_.at(i));
        if (memory_.x_frames)
            put_into_frame(pass_.x + n * s.H * s.W * s.C, s.H, s.W, s.C, x_frame_,
                           memory_.x_frames + place * x_frame_.size());
    }

    // bias_sum[o] += sum of dz[.,o] over an output row; first in T, which makes vectors of T.
    void add_columns(const T* __restrict dz) const {
        const std::int64_t O = dz_frame_.channels;
        T* __restrict row_sum = memory_.row_sum;
        std::fill_n(row_sum, O, T(0));
        for (std::int64_t j = 0; j < pass_.s.OW; ++j, dz += dz_frame_.stride)
            for (std::int64_t o = 0; o < O; ++o) row_sum[o] += dz[o];
        for (std::int64_t o = 0; o < O; ++o) memory_.bias_sum[o] += row_sum[o];
    }

    // kernel_sum (kh*kw*C, O) (+)= the sum over the pixels of the images, a block of pixels at a time.
    void add_kernel_gradient(std::int64_t n, std::int64_t images, bool accumulate) const {
        const ConvolutionSizes& s = pass_.s;
        const T* x = memory_.x_frames ? memory_.x_frames : pass_.x + n * x_frame_.size();
        if (winograd_)
            return winograd_->kernel_gradient.add(x, memory_.dz_frames, images, accumulate, memory_.kernel_sum,
                                                  memory_.winograd);
        const std::int64_t at_once = block_images(s), rows_at_once = block_rows(s);
        for (std::int64_t i = 0; i < images; i += at_once)
            for (std::int64_t row = 0; row < s.OH; row += rows_at_once) {
                const std::int64_t offset = dz_frame_.at(row);
                add_block(x + i * x_frame_.size() + row * x_frame_.row_stride(),
                          memory_.dz_frames + i * dz_frame_.size() + offset, std::min(at_once, images - i),
                          std::min(rows_at_once, s.OH - row), accumulate || i > 0 || row > 0);
            }
    }

    // x, dz: where the block begins.
    void add_block(const T* x, const T* dz, std::int64_t images, std::int64_t rows, bool accumulate) const {
        TileProduct<T> tile{};
        tile.a = x;
        tile.a_step = x_frame_.stride;
        tile.a_segment = x_frame_.row_stride();
        tile.a_group = x_frame_.size();
        tile.b_step = dz_frame_.stride;
        tile.b_segment = dz_frame_.row_stride();
        tile.b_group = dz_frame_.size();
        tile.groups = images;
        tile.segments = rows;
        tile.segment_length = pass_.s.OW;
        tile.c_row = dz_frame_.channels;
        tile.columns = panel_width<T>;
        tile.accumulate = accumulate;
        for (std::int64_t o = 0; o < dz_frame_.channels; o += panel_width<T>)
            for_each_tile(pass_.s.patch(), [&](std::int64_t k, std::int64_t height) {
                tile.rows = patch_.data() + k;
                tile.b = dz + o;
                tile.c = memory_.kernel_sum + k * dz_frame_.channels + o;
                multiply_tile(height, tile);
            });
    }

    void input_gradient(std::int64_t n, std::int64_t images) const {
        const ConvolutionSizes& s = pass_.s;
        if (winograd_)
            return winograd_->input_gradient.run(memory_.dz_frames, images, turned_, nullptr, false,
                                                 pass_.dx + n * s.H * s.W * s.C, memory_.winograd);
        for (std::int64_t i = 0; i < images; ++i)
            convolution_.run(memory_.dz_frames + i * dz_frame_.size(), turned_, static_cast<const T*>(nullptr), false,
                             pass_.dx + (n + i) * s.H * s.W * s.C);
    }

    const DirectBackward<T>& pass_;
    Frame x_frame_, dz_frame_;
    const Winograd<T>* winograd_;  // nullptr: window by window
    const T* turned_;
    Memory memory_;
    DirectConvolution convolution_;    // of dz with the turned kernel
    std::vector<std::int64_t> patch_;  // where in x's frame each of the kh*kw*C numbers of a patch lies
};

// For dx, every pixel of x looks at the kh * kw pixels of dz around it. Without dx, dz needs no frame. Winograd's tiles may
// be partly outside.
template <typename T>
Frame frame_of_dz(const ConvolutionSizes& s, bool dx_wanted) {
    const Window& w = s.window;
    const std::int64_t O = whole_panels<T>(s.O), stride = spread<T>(O);
    const auto whole = [&](std::int64_t n) { return is_winograd(s) ? whole_tiles<F4<T>>(n) : n; };
    if (!dx_wanted) return {whole(s.OH), whole(s.OW), O, stride, 0, 0};
    const std::int64_t top = w.window_h - 1 - w.pad_top, left = w.window_w - 1 - w.pad_left;
    return {std::max(whole(s.H) + w.window_h - 1, top + whole(s.OH)),
            std::max(whole(s.W) + w.window_w - 1, left + whole(s.OW)),
            O,
            stride,
            top,
            left};
}

template <typename T>
Frame frame_of_x(const ConvolutionSizes& s) {
    Frame frame = is_winograd(s) ? winograd_input_frame<F4<T>>(s) : input_frame(s);
    if (!is_winograd(s) || !fills(s, frame)) frame.stride = spread<T>(frame.stride);
    return frame;
}

}  // namespace

template <typename T>
void DirectBackward<T>::run(Allocator& allocator) const {
    const Frame x_frame = frame_of_x<T>(s), dz_frame = frame_of_dz<T>(s, dx != nullptr);
    const std::int64_t O = dz_frame.channels;
    const bool copies_x = dkernel && !fills(s, x_frame);
    std::optional<Winograd<T>> winograd;
    if (is_winograd(s)) winograd.emplace(s, x_frame, dz_frame);
    const std::int64_t at_once =
        winograd ? winograd->images
                 : images_at_once((x_frame.size() + dz_frame.size()) * static_cast<std::int64_t>(sizeof(T)));
    const std::int64_t grain = product_grain(s.OH * s.OW * s.patch() * s.O), parts = threads_for(s.N, grain);
    const auto scratch = [&](bool wanted, const Shape& shape, DType dtype = dtype_of<T>()) {
        return wanted ? Tensor::empty(shape, dtype, allocator) : Tensor();
    };
    const Tensor x_frames = scratch(copies_x, {parts, at_once, x_frame.size()});
    const Tensor dz_frames = scratch(true, {parts, at_once, dz_frame.size()});
    const Tensor kernel_sums = scratch(dkernel, {parts, winograd ? Winograd<T>::Tile::elements * s.C : s.patch(), O});
    const Tensor row_sums = scratch(dbias, {parts, O}), bias_sums = scratch(dbias, {parts, O}, DType::float64);
    const Tensor tiles = scratch(winograd.has_value(), {parts, winograd ? winograd->scratch_size() : 0});
    Tensor turned;
    if (dx) {
        turned = scratch(true, {s.patch() / s.C * O, whole_panels<T>(s.C)});
        pack_turned_panels(kernel, s.window.window_h, s.window.window_w, s.C, s.O, turned.data<T>());
        if (winograd) turned = transform_kernel<F4<T>>(turned.data<T>(), O, s.C, allocator);
    }

    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        Worker<T> worker(*this, x_frame, dz_frame, winograd ? &*winograd : nullptr, data_or_null<T>(turned),
                         {part_of<T>(x_frames, thread), part_of<T>(dz_frames, thread), part_of<T>(kernel_sums, thread),
                          part_of<T>(row_sums, thread), part_of<T>(tiles, thread), part_of<double>(bias_sums, thread)});
        worker.run(begin, end, at_once);
    });
    if (dkernel && winograd) finish_kernel_gradient(kernel_sums.data<T>(), parts, s.C, s.O, dkernel);
    else if (dkernel) sum_parts(kernel_sums.data<T>(), parts, s.patch(), O, dkernel, s.O);
    if (dbias) sum_parts(bias_sums.data<double>(), parts, 1, O, dbias, s.O);
}

template struct DirectBackward<float>;
template struct DirectBackward<double>;

}  // namespace cairn::cpu
