#include "cairn/nn/activation.h"

#include "cairn/core/error.h"
#include "cairn/nn/activation_layer.h"

namespace cairn::nn {

bool ActivationFunction::is_relu() const {
    const auto* function = function_.target<Tensor (*)(const Tensor&)>();
    return function && *function == &ops::relu;
}

ActivationFunction make_gelu(bool approximate) {
    return {"gelu", [=](const Tensor& x) { return ops::gelu(x, approximate); }};
}

ActivationFunction make_elu(double alpha) {
    return {"elu", [=](const Tensor& x) { return ops::elu(x, alpha); }};
}

ActivationFunction make_leaky_relu(double negative_slope) {
    return {"leaky_relu", [=](const Tensor& x) { return ops::leaky_relu(x, negative_slope); }};
}

LeakyReLU::LeakyReLU(double negative_slope) : negative_slope_(negative_slope) {
    check(negative_slope >= 0, "LeakyReLU: the negative slope {} must not be negative", negative_slope);
}

Settings Activation::settings() const {
    Settings settings;
    settings.add("activation", function_.name());
    return settings;
}

Settings LeakyReLU::settings() const {
    Settings settings;
    settings.add("negative_slope", negative_slope_);
    return settings;
}

}  // namespace cairn::nn
