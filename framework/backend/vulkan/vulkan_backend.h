// VulkanBackend: every kernel of backend.h as compute shaders, float32. A kernel's host side is in the file of its name.
#pragma once

#include "backend/backend.h"

namespace cairn {

namespace vulkan {
class Context;
}

class VulkanBackend : public Backend {
public:
    explicit VulkanBackend(int index);
    ~VulkanBackend() override;

    Device device() const override;
    std::string description() const override;
    bool supports(DType dtype) const override { return dtype != DType::float64; }
    Allocator& allocator() override;
    vulkan::Context& context() { return *context_; }

    void end_step() override;
    void synchronize() override;
    std::unique_ptr<Readback> read_back(const Tensor& x) override;
    void start_profile(ProfileDetail detail) override;
    DeviceProfile finish_profile() override;

    void fill(const Tensor& y, double value) override;
    void copy(const Tensor& x, const Tensor& y) override;
    void convert(const Tensor& x, double divisor, const Tensor& y) override;
    void elementwise(Unary op, const Tensor& x, const Tensor& y) override;
    void elementwise_backward(Unary op, const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) override;
    void add_scaled(double alpha, const Tensor& x, const Tensor& y) override;
    void reduce(Reduction op, const Tensor& x, const Tensor& y) override;
    void reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void argmax(const Tensor& x, const Tensor& y) override;
    void matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                bool accumulate) override;
    void dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
               const Tensor& y) override;
    void dense_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& dy, Activation activation,
                        const Tensor& dx, const Tensor& dkernel, const Tensor& dbias) override;
    void conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) override;
    void conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window, const Tensor& dx) override;
    void conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                const Tensor& dkernel) override;
    void conv2d_bias_activation(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                                const Window& window, const Tensor& y) override;
    void conv2d_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& dy,
                         Activation activation, const Window& window, const Tensor& dx, const Tensor& dkernel,
                         const Tensor& dbias) override;
    void max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) override;
    void max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window, const Tensor& dx) override;
    void conv2d_max_pool2d(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                           const Window& window, const Shape& convolved, const Window& pool, const Tensor& y,
                           const Tensor& argmax) override;
    void conv2d_max_pool2d_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& argmax,
                                    const Tensor& dy, Activation activation, const Window& window,
                                    const Shape& convolved, const Window& pool, const Tensor& dx, const Tensor& dkernel,
                                    const Tensor& dbias) override;
    void batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) override;
    void batch_norm(const Tensor& x, const Tensor& mean, const Tensor& variance, const Tensor& gamma,
                    const Tensor& beta, double epsilon, const Tensor& y) override;
    void batch_norm_training(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon, double momentum,
                             const Tensor& mean, const Tensor& variance, const Tensor& moving_mean,
                             const Tensor& moving_variance, const Tensor& y) override;
    void batch_norm_backward(const Tensor& x, const Tensor& mean, const Tensor& variance, const Tensor& gamma,
                             double epsilon, Statistics statistics, const Tensor& dy, const Tensor& dx,
                             const Tensor& dgamma, const Tensor& dbeta) override;
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

private:
    std::unique_ptr<vulkan::Context> context_;
    Tensor tally_;  // int32 (), 0 between kernels: where all_finite's workgroups count themselves
};

}  // namespace cairn
