// The defaults of the fused kernels: compositions of the primitives. They specify what a device's own version must
// compute.
#include "backend/backend.h"

#include <cstdint>

namespace cairn {

namespace {

Tensor scratch_like(const Tensor& x) { return Tensor::empty(x.shape(), x.dtype(), x.allocator()); }

// dz = dy * activation'(z). ReLU'(z) is read off y: y > 0 exactly where z > 0.
Tensor through_activation(Backend& device, Activation activation, const Tensor& y, const Tensor& dy) {
    if (activation == Activation::none) return dy;
    Tensor dz = scratch_like(dy);
    device.elementwise_backward(Unary::relu, Tensor(), y, dy, dz);
    return dz;
}

void add_bias_and_activate(Backend& device, const Tensor& bias, Activation activation, const Tensor& y) {
    if (bias.defined()) device.elementwise(Binary::add, y, bias, y);
    if (activation == Activation::relu) device.elementwise(Unary::relu, y, y);
}

// Values that are on the host already.
class HostReadback final : public Readback {
public:
    explicit HostReadback(std::vector<double> values) : values_(std::move(values)) {}
    bool ready() const override { return true; }
    std::vector<double> values() override { return values_; }

private:
    std::vector<double> values_;
};

}  // namespace

std::unique_ptr<Readback> Backend::read_back(const Tensor& x) {
    const auto values = [&]<typename T>() {
        const std::vector<T> all = x.to_vector<T>();
        return std::make_unique<HostReadback>(std::vector<double>(all.begin(), all.end()));
    };
    return x.dtype() == DType::int32 ? values.operator()<std::int32_t>() : with_float(x.dtype(), values);
}

void Backend::dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation, const Tensor& y) {
    matmul(x, false, kernel, false, y);
    add_bias_and_activate(*this, bias, activation, y);
}

void Backend::dense_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& dy,
                             Activation activation, const Tensor& dx, const Tensor& dkernel, const Tensor& dbias) {
    const Tensor dz = through_activation(*this, activation, y, dy);
    if (dx.defined()) matmul(dz, false, kernel, true, dx);
    if (dkernel.defined()) matmul(x, true, dz, false, dkernel);
    if (dbias.defined()) reduce(Reduction::sum, dz, dbias);
}

void Backend::conv2d_bias_activation(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                                     const Window& window, const Tensor& y) {
    conv2d(x, kernel, window, y);
    add_bias_and_activate(*this, bias, activation, y);
}

void Backend::conv2d_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& dy,
                              Activation activation, const Window& window, const Tensor& dx, const Tensor& dkernel,
                              const Tensor& dbias) {
    const Tensor dz = through_activation(*this, activation, y, dy);
    if (dx.defined()) conv2d_input_gradient(dz, kernel, window, dx);
    if (dkernel.defined()) conv2d_kernel_gradient(x, dz, window, dkernel);
    if (dbias.defined()) reduce(Reduction::sum, dz, dbias);
}

void Backend::conv2d_max_pool2d(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                                const Window& window, const Shape& convolved, const Window& pool, const Tensor& y,
                                const Tensor& argmax) {
    const Tensor z = Tensor::empty(convolved, y.dtype(), y.allocator());
    conv2d_bias_activation(x, kernel, bias, activation, window, z);
    max_pool2d(z, pool, y, argmax);
}

void Backend::conv2d_max_pool2d_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& argmax,
                                         const Tensor& dy, Activation activation, const Window& window,
                                         const Shape& convolved, const Window& pool, const Tensor& dx,
                                         const Tensor& dkernel, const Tensor& dbias) {
    // A maximum is positive where the pre-activation that it was is: ReLU' can be read off the pooled y.
    const Tensor dz = Tensor::empty(convolved, dy.dtype(), dy.allocator());
    max_pool2d_backward(through_activation(*this, activation, y, dy), argmax, pool, dz);
    conv2d_backward(x, kernel, dz, dz, Activation::none, window, dx, dkernel, dbias);
}

void Backend::batch_norm_training(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon,
                                  double momentum, const Tensor& mean, const Tensor& variance,
                                  const Tensor& moving_mean, const Tensor& moving_variance, const Tensor& y) {
    batch_norm_statistics(x, mean, variance);
    moving_average(mean, momentum, moving_mean);
    moving_average(variance, momentum, moving_variance);
    batch_norm(x, mean, variance, gamma, beta, epsilon, y);
}

void Backend::conv2d_batch_norm_backward(const Tensor& x, const Tensor& kernel, const Tensor& z, const Tensor& mean,
                                         const Tensor& variance, const Tensor& gamma, double epsilon, const Tensor& dy,
                                         Activation activation, const Window& window, const Tensor& dx,
                                         const Tensor& dkernel, const Tensor& dbias, const Tensor& dgamma,
                                         const Tensor& dbeta) {
    const bool convolution = dx.defined() || dkernel.defined() || dbias.defined();
    const Tensor dz = convolution ? Tensor::empty(z.shape(), z.dtype(), z.allocator()) : Tensor();
    batch_norm_backward(z, mean, variance, gamma, epsilon, Statistics::batch, dy, dz, dgamma, dbeta);
    if (convolution) conv2d_backward(x, kernel, z, dz, activation, window, dx, dkernel, dbias);
}

}  // namespace cairn
