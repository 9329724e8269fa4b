#include "cairn/backend/cpu/conv2d_im2col.h"

#include "cairn/backend/cpu/bias_gradient.h"
#include "cairn/backend/cpu/epilogue.h"
#include "cairn/backend/cpu/gemm.h"
#include "cairn/backend/cpu/im2col.h"

#include <algorithm>

namespace cairn::cpu {

namespace {

// The patches of bands of output rows: x itself where a patch is a pixel, else a copy for each thread.
template <typename T>
class Bands {
public:
    Bands(const ConvolutionSizes& sizes, std::int64_t threads, Allocator& allocator) : s(sizes) {
        // Patches and products; 128 to 512 KiB measure alike on 2 MiB of L2.
        constexpr std::int64_t bytes = 256 * 1024, number = sizeof(T);
        rows_ = std::clamp<std::int64_t>(bytes / std::max<std::int64_t>(1, s.OW * (s.patch() + s.O) * number), 1,
                                         std::max<std::int64_t>(1, s.N * s.OH));
        if (!patches_are_input(s)) copies_ = scratch<T>({threads, rows_ * s.OW * s.patch()}, allocator);
    }

    // Calls body(row, end) for the bands of output rows first … last - 1.
    template <typename Body>
    void for_each(std::int64_t first, std::int64_t last, const Body& body) const {
        for (std::int64_t row = first; row < last; row += rows_) body(row, std::min(last, row + rows_));
    }

    const T* patches(const T* x, const Band& band, int thread) const {
        T* to = copy(thread);
        if (!to) return x + band.begin * s.OW * s.C;
        im2col(s, x, band, to);
        return to;
    }
    T* copy(int thread) const { return part_of<T>(copies_, thread); }  // nullptr: the patches are x
    std::int64_t rows() const { return rows_; }                        // of a band, at most

private:
    const ConvolutionSizes& s;
    std::int64_t rows_ = 0;
    Tensor copies_;
};

// Threads share out the images, so that no two of them add into the same image of dx: a batch of one image is the work of one
// thread. Every thread sums dkernel and dbias of its own images; the sums are added in the order of the threads.
template <typename T>
class BackwardPass {
public:
    BackwardPass(const GradientOperands<T>& operands, const T* y, const T* dy, std::int64_t threads,
                 Allocator& allocator)
        : g_(operands),
          y_(y),
          dy_(dy),
          bands_(s, threads, allocator),
          bias_(g_.dbias, s.O, threads, allocator),
          threads_(threads) {
        if (y) dz_ = scratch<T>({threads, bands_.rows() * s.OW * s.O}, allocator);
        if (g_.dkernel) kernel_sums_ = scratch<T>({threads, s.patch(), s.O}, allocator);
        if (!g_.dx) return;
        // With a right operand that is not transposed gemm can take its faster way (gemm.cpp); a kernel is small, so turning
        // it once costs little.
        transposed_kernel_ = scratch<T>({s.O, s.patch()}, allocator);
        T* to = transposed_kernel_.data<T>();
        for (std::int64_t k = 0; k < s.patch(); ++k)
            for (std::int64_t o = 0; o < s.O; ++o) to[o * s.patch() + k] = g_.kernel[k * s.O + o];
    }

    // Images first … last - 1.
    void run(std::int64_t first, std::int64_t last, int thread) const {
        bias_.start(thread);
        if (g_.dx && bands_.copy(thread)) std::fill(g_.dx + first * s.x_image(), g_.dx + last * s.x_image(), T(0));
        bands_.for_each(first * s.OH, last * s.OH, [&](std::int64_t row, std::int64_t end) {
            const T* dz = cotangent(row, end, thread);
            for (std::int64_t group = 0; group < s.groups; ++group) {
                const T* of_group = dz + group * s.outputs_of_group();
                if (g_.dkernel) add_to_kernel(of_group, {row, end, group}, row > first * s.OH, thread);
                if (g_.dx) add_to_dx(of_group, {row, end, group}, thread);
            }
        });
    }

    void finish() const {
        if (g_.dkernel) sum_parts(kernel_sums_.data<T>(), threads_, s.patch(), s.O, g_.dkernel, s.O);
        bias_.finish(s.O);
    }

private:
    // dz of a band; an output row of it stays in L1 between its two uses.
    const T* cotangent(std::int64_t row, std::int64_t end, int thread) const {
        const std::int64_t line = s.OW * s.O;
        T* masked = part_of<T>(dz_, thread);
        const T* dz = masked ? masked : dy_ + row * line;
        for (std::int64_t i = 0; i < end - row; ++i) {
            if (masked) mask_by_relu(y_ + (row + i) * line, dy_ + (row + i) * line, line, masked + i * line);
            if (g_.dbias) bias_.add(dz + i * line, s.OW, s.O, thread);
        }
        return dz;
    }

    void add_to_kernel(const T* dz, const Band& band, bool accumulate, int thread) const {
        const std::int64_t K = s.patch(), O = s.outputs_of_group();
        gemm<T>({K, O, (band.end - band.begin) * s.OW}, {bands_.patches(g_.x, band, thread), K, true}, {dz, s.O},
                accumulate, {part_of<T>(kernel_sums_, thread) + band.group * O, s.O});
    }

    // The patches' gradients, in the memory of the patches.
    void add_to_dx(const T* dz, const Band& band, int thread) const {
        const std::int64_t K = s.patch(), O = s.outputs_of_group();
        T* patches = bands_.copy(thread);
        T* dpatches = patches ? patches : g_.dx + band.begin * s.OW * K;
        const T* kernel = transposed_kernel_.data<T>() + band.group * O * K;
        gemm<T>({(band.end - band.begin) * s.OW, K, O}, {dz, s.O}, {kernel, K}, false, {dpatches, K});
        if (patches) col2im(s, patches, band, g_.dx);
    }

    const GradientOperands<T>& g_;
    const ConvolutionSizes& s = g_.s;
    const T *y_, *dy_;
    Bands<T> bands_;
    BiasGradient<T> bias_;
    Tensor dz_, kernel_sums_, transposed_kernel_;  // (O, kh*kw*C/groups)
    std::int64_t threads_;
};

}  // namespace

// Bias and ReLU are applied while the products are still in cache. Threads share out the output rows of the whole batch, so one
// image keeps them all busy.
template <typename T>
void forward_by_im2col(const ForwardOperands<T>& operands, T* y, Allocator& allocator) {
    const ConvolutionSizes& s = operands.s;
    const std::int64_t K = s.patch(), rows = s.N * s.OH, grain = product_grain(s.OW * K * s.O);
    const Bands<T> bands(s, threads_for(rows, grain), allocator);
    parallel_for(rows, grain, [&](std::int64_t first, std::int64_t last, int thread) {
        bands.for_each(first, last, [&](std::int64_t row, std::int64_t end) {
            const std::int64_t pixels = (end - row) * s.OW;
            T* out = y + row * s.OW * s.O;
            for (std::int64_t group = 0; group < s.groups; ++group) {
                const std::int64_t O = s.outputs_of_group(), o = group * O;
                gemm<T>({pixels, O, K}, {bands.patches(operands.x, {row, end, group}, thread), K},
                        {operands.kernel + o, s.O}, false, {out + o, s.O});
            }
            add_bias_and_activate(pixels, s.O, operands.bias, operands.relu, out, s.O);
        });
    });
}

template <typename T>
void backward_by_im2col(const GradientOperands<T>& operands, const T* y, const T* dy, Allocator& allocator) {
    const ConvolutionSizes& s = operands.s;
    const std::int64_t grain = product_grain(s.multiply_adds());
    const BackwardPass<T> pass(operands, y, dy, threads_for(s.N, grain), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) { pass.run(begin, end, thread); });
    pass.finish();
}

template void forward_by_im2col<float>(const ForwardOperands<float>&, float*, Allocator&);
template void forward_by_im2col<double>(const ForwardOperands<double>&, double*, Allocator&);
template void backward_by_im2col<float>(const GradientOperands<float>&, const float*, const float*, Allocator&);
template void backward_by_im2col<double>(const GradientOperands<double>&, const double*, const double*, Allocator&);

}  // namespace cairn::cpu
