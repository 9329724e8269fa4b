#include "cairn/backend/cpu/framed_backward.h"

#include "cairn/backend/cpu/bias_gradient.h"
#include "cairn/backend/cpu/direct_gradients.h"
#include "cairn/backend/cpu/winograd_gradients.h"

#include <algorithm>

namespace cairn::cpu {

namespace {

// The memory that the threads work in, a part for each, and what a thread does there. What is not wanted has no memory.
template <typename T, typename Gradients>
class Pass {
public:
    Pass(const FramedBackward<T>& backward, std::int64_t threads, Allocator& allocator)
        : g_(backward.operands),
          put_dz_(backward.put_dz),
          by_(s, g_.dx != nullptr),
          bias_(g_.dbias, by_.dz_frame.channels, threads, allocator) {
        dz_frames_ = scratch<T>({threads, by_.images_at_once * by_.dz_frame.size()}, allocator);
        work_ = scratch<T>({threads, by_.scratch_size()}, allocator);
        if (g_.dkernel) sums_ = scratch<T>({threads, by_.sums_size()}, allocator);
        if (g_.dkernel && !fills(s, by_.x_frame))
            x_frames_ = scratch<T>({threads, by_.images_at_once * by_.x_frame.size()}, allocator);
        if (g_.dx) packed_ = by_.pack(g_.kernel, allocator);
    }

    // What images first … last - 1 add to dkernel and dbias, and their dx.
    void run(std::int64_t first, std::int64_t last, int thread) const {
        T *x_frames = part_of<T>(x_frames_, thread), *dz_frames = part_of<T>(dz_frames_, thread);
        T *sums = part_of<T>(sums_, thread), *work = part_of<T>(work_, thread);
        if (x_frames) std::fill_n(x_frames, by_.images_at_once * by_.x_frame.size(), T(0));
        std::fill_n(dz_frames, by_.images_at_once * by_.dz_frame.size(), T(0));
        bias_.start(thread);
        for (std::int64_t n = first; n < last; n += by_.images_at_once) {
            const std::int64_t images = std::min(by_.images_at_once, last - n);
            for (std::int64_t i = 0; i < images; ++i) {
                put_dz_(n + i, by_.dz_frame, dz_frames + i * by_.dz_frame.size());
                add_to_bias(dz_frames + i * by_.dz_frame.size(), thread);
                if (x_frames)
                    put_into_frame(g_.x + (n + i) * s.x_image(), s.H, s.W, s.C, by_.x_frame,
                                   x_frames + i * by_.x_frame.size());
            }
            if (g_.dkernel) {
                const T* x = x_frames ? x_frames : g_.x + n * s.x_image();
                by_.add_to_sums(x, dz_frames, images, n > first, sums, work);
            }
            if (g_.dx) by_.input_gradient(dz_frames, images, packed_.data<T>(), g_.dx + n * s.x_image(), work);
        }
    }

    void finish() const {
        if (g_.dkernel) by_.finish_sums(sums_.data<T>(), sums_.dim(0), g_.dkernel);
        bias_.finish(s.O);
    }

private:
    void add_to_bias(const T* dz, int thread) const {
        if (!g_.dbias) return;
        const Frame& frame = by_.dz_frame;
        for (std::int64_t i = 0; i < s.OH; ++i) bias_.add(dz + frame.at(i), s.OW, frame.to_next_pixel(), thread);
    }

    const GradientOperands<T>& g_;
    const ConvolutionSizes& s = g_.s;
    const std::function<void(std::int64_t, const Frame&, T*)>& put_dz_;
    Gradients by_;
    BiasGradient<T> bias_;
    Tensor dz_frames_, x_frames_, sums_, work_;
    Tensor packed_;  // the kernel for dx, which all threads read
};

template <typename Gradients, typename T>
void run_pass(const FramedBackward<T>& backward, Allocator& allocator) {
    const ConvolutionSizes& s = backward.operands.s;
    const std::int64_t grain = product_grain(s.multiply_adds());
    const Pass<T, Gradients> pass(backward, threads_for(s.N, grain), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) { pass.run(begin, end, thread); });
    pass.finish();
}

}  // namespace

template <typename T>
Frame frame_of_dz(const ConvolutionSizes& s, bool dx_wanted, std::int64_t unit) {
    const Window& w = s.window;
    const std::int64_t O = whole_panels<T>(s.O), OH = round_up(s.OH, unit), OW = round_up(s.OW, unit);
    if (!dx_wanted) return {OH, OW, O, spread<T>(O), 0, 0};
    const std::int64_t top = w.window_h - 1 - w.pad_top, left = w.window_w - 1 - w.pad_left;
    return {.rows = std::max(round_up(s.H, unit) + w.window_h - 1, top + (OH - 1) * w.stride_h + 1),
            .columns = std::max(round_up(s.W, unit) + w.window_w - 1, left + (OW - 1) * w.stride_w + 1),
            .channels = O,
            .stride = spread<T>(O),
            .top = top,
            .left = left,
            .row_step = w.stride_h,
            .column_step = w.stride_w};
}

template <typename T>
void FramedBackward<T>::run(ConvolutionAlgorithm algorithm, Allocator& allocator) const {
    if (algorithm == ConvolutionAlgorithm::winograd) run_pass<WinogradGradients<T>>(*this, allocator);
    else run_pass<DirectGradients<T>>(*this, allocator);
}

template Frame frame_of_dz<float>(const ConvolutionSizes&, bool, std::int64_t);
template Frame frame_of_dz<double>(const ConvolutionSizes&, bool, std::int64_t);
template struct FramedBackward<float>;
template struct FramedBackward<double>;

}  // namespace cairn::cpu
