// ReferenceBackend: every primitive kernel as plain loops, in float and double. The executable specification: when a
// fast kernel disagrees, this one is right, and a reader can see why. The fused kernels are the compositions in
// backend.cpp.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/core/host_allocator.h"

namespace cairn {

class ReferenceBackend : public Backend {
public:
    Device device() const override { return Device::reference(); }
    std::string description() const override { return "plain loops, one thread"; }
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
    void conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) override;
    void conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window, const Tensor& dx) override;
    void conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                const Tensor& dkernel) override;
    void max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) override;
    void max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window, const Tensor& dx) override;
    void batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) override;
    void batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) override;
    void batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                             const Tensor& dy, const NormalizationGradients& out) override;
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
    HostAllocator allocator_{Device::reference()};
};

}  // namespace cairn
