// CpuBackend: fast kernels in float and double, with vectors and with threads (parallel_for). Matrix products are OpenBLAS's, one
// thread per call, but for those of few rows with a large kernel (dense.cpp); convolutions go by im2col and OpenBLAS, directly or by Winograd's tiles: convolution.h says when. Each .cpp
// in this folder implements the kernels of its name; what they compute is specified in backend/backend.h.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/core/host_allocator.h"

namespace cairn {

class CpuBackend final : public Backend {
public:
    CpuBackend();
    Device device() const override { return Device::cpu(); }
    std::string description() const override;
    bool supports(DType) const override { return true; }
    Allocator& allocator() override { return allocator_; }

    void fill(const Tensor& y, double value) override;
    void copy(const Tensor& x, const Tensor& y) override;
    void convert(const Tensor& x, double divisor, const Tensor& y) override;
    void copy_strided(const StridedCopy& copy, const Tensor& x, const Tensor& y) override;
    void gather_rows(const Tensor& x, const Tensor& rows, const Tensor& y) override;
    void gather_rows_backward(const Tensor& dy, const Tensor& rows, const Tensor& dx) override;
    void elementwise(const UnaryFunction& f, const Tensor& x, const Tensor& y) override;
    void elementwise_backward(const UnaryFunction& f, const Tensor& kept, const Tensor& dy, const Tensor& dx) override;
    void affine(const Tensor& x, double scale, double shift, const Tensor& y) override;
    void elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) override;
    void add_scaled(double alpha, const Tensor& x, const Tensor& y) override;
    void reduce(Reduction op, const Tensor& x, const Tensor& y) override;
    void reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void argmax(const Tensor& x, const Tensor& y) override;
    void matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                bool accumulate) override;
    void dense(const DenseLayer& layer, const Tensor& y) override;
    void conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) override;
    void conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window, const Tensor& dx) override;
    void conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                const Tensor& dkernel) override;
    void conv2d_bias_activation(const Convolution& layer, const Tensor& y) override;
    void conv2d_backward(const Convolution& layer, const Tensor& y, const Tensor& dy,
                         const LayerGradients& out) override;
    void max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) override;
    void max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window, const Tensor& dx) override;
    void conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling) override;
    void conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                    const LayerGradients& out) override;
    void batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) override;
    void batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) override;
    void batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                             const Tensor& dy, const NormalizationGradients& out) override;
    void conv2d_batch_norm_backward(const Convolution& layer, const Tensor& z, const Normalization& normalization,
                                    const Tensor& dy, const LayerGradients& out,
                                    const NormalizationGradients& scale) override;
    void moving_average(const Tensor& value, double momentum, const Tensor& moving) override;
    void dropout(const Tensor& x, const RandomKey& key, std::uint32_t threshold, double scale,
                 const Tensor& y) override;
    void softmax(const Tensor& x, const Tensor& y) override;
    void log_softmax(const Tensor& x, const Tensor& y) override;
    void softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void log_softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void softmax_cross_entropy(const Tensor& logits, const Tensor& labels, const Tensor& loss) override;
    void softmax_cross_entropy_backward(const Tensor& logits, const Tensor& labels, const Tensor& dloss,
                                        const Tensor& dlogits) override;
    void count_correct(const Tensor& logits, const Tensor& labels, const Tensor& count) override;
    void l2_penalty(const Tensor& w, double lambda, const Tensor& loss) override;
    void l2_penalty_backward(const Tensor& w, double lambda, const Tensor& dloss, const Tensor& dw,
                             bool accumulate) override;
    void all_finite(const Tensor& x, const Tensor& flag) override;
    void adam(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v, const Tensor& w,
              const Tensor& gate) override;
    void sgd(const SgdStep& step, const Tensor& gradient, const Tensor& velocity, const Tensor& w,
             const Tensor& gate) override;
    void optimizer_step(const UpdateStep& step, const Tensor& gradient, const Tensors& slots, const Tensor& w,
                        const Tensor& gate) override;
    void weight_decay(double rate, const Tensor& mask, const Tensor& w, const Tensor& gate) override;
    void clip_by_norm(const Tensor& squares, double limit, const Tensor& x) override;
    void clip_by_value(double limit, const Tensor& x) override;

private:
    HostAllocator allocator_{Device::cpu()};
};

}  // namespace cairn
