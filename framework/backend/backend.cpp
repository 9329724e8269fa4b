// The defaults of the fused kernels: compositions of the primitives. They specify what a device's own version must
// compute.
#include "cairn/backend/backend.h"

#include <cstdint>

namespace cairn {

namespace {

Tensor scratch_like(const Tensor& x) { return Tensor::empty(x.shape(), x.dtype(), x.allocator()); }

// dz = dy * activation'(z). ReLU'(z) is read off y: y > 0 exactly where z > 0.
Tensor through_activation(Backend& device, bool relu, const Tensor& y, const Tensor& dy) {
    if (!relu) return dy;
    Tensor dz = scratch_like(dy);
    device.elementwise_backward(Unary::relu, y, dy, dz);
    return dz;
}

void add_bias_and_activate(Backend& device, const Tensor& bias, bool relu, const Tensor& y) {
    if (bias.defined()) device.elementwise(Binary::add, y, bias, y);
    if (relu) device.elementwise(Unary::relu, y, y);
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

void Backend::dense(const DenseLayer& layer, const Tensor& y) {
    matmul(layer.x, false, layer.kernel, false, y);
    add_bias_and_activate(*this, layer.bias, layer.relu, y);
}

void Backend::dense_backward(const DenseLayer& layer, const Tensor& y, const Tensor& dy, const LayerGradients& out) {
    const Tensor dz = through_activation(*this, layer.relu, y, dy);
    if (out.dx.defined()) matmul(dz, false, layer.kernel, true, out.dx);
    if (out.dkernel.defined()) matmul(layer.x, true, dz, false, out.dkernel);
    if (out.dbias.defined()) reduce(Reduction::sum, dz, out.dbias);
}

void Backend::conv2d_bias_activation(const Convolution& layer, const Tensor& y) {
    conv2d(layer.x, layer.kernel, layer.window, y);
    add_bias_and_activate(*this, layer.bias, layer.relu, y);
}

void Backend::conv2d_backward(const Convolution& layer, const Tensor& y, const Tensor& dy, const LayerGradients& out) {
    const Tensor dz = through_activation(*this, layer.relu, y, dy);
    if (out.dx.defined()) conv2d_input_gradient(dz, layer.kernel, layer.window, out.dx);
    if (out.dkernel.defined()) conv2d_kernel_gradient(layer.x, dz, layer.window, out.dkernel);
    if (out.dbias.defined()) reduce(Reduction::sum, dz, out.dbias);
}

void Backend::conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling) {
    const Tensor z = Tensor::empty(layer.output, pooling.y.dtype(), pooling.y.allocator());
    conv2d_bias_activation(layer, z);
    max_pool2d(z, pooling.window, pooling.y, pooling.argmax);
}

void Backend::conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                         const LayerGradients& out) {
    // A maximum is positive where the pre-activation that it was is: ReLU' can be read off the pooled y.
    const Tensor dz = Tensor::empty(layer.output, dy.dtype(), dy.allocator());
    max_pool2d_backward(through_activation(*this, layer.relu, pooling.y, dy), pooling.argmax, pooling.window, dz);
    Convolution linear = layer;
    linear.relu = false;
    conv2d_backward(linear, Tensor(), dz, out);
}

void Backend::batch_norm_training(const Tensor& x, const Normalization& normalization, const MovingStatistics& moving,
                                  const Tensor& y) {
    batch_norm_statistics(x, normalization.mean, normalization.variance);
    moving_average(normalization.mean, moving.momentum, moving.mean);
    moving_average(normalization.variance, moving.momentum, moving.variance);
    batch_norm(x, normalization, y);
}

void Backend::conv2d_batch_norm_backward(const Convolution& layer, const Tensor& z, const Normalization& normalization,
                                         const Tensor& dy, const LayerGradients& out,
                                         const NormalizationGradients& scale) {
    const bool convolution = out.dx.defined() || out.dkernel.defined() || out.dbias.defined();
    const Tensor dz = convolution ? scratch_like(z) : Tensor();
    batch_norm_backward(z, normalization, Statistics::batch, dy, {dz, scale.dgamma, scale.dbeta});
    if (convolution) conv2d_backward(layer, z, dz, out);
}

}  // namespace cairn
