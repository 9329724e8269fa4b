#include "cairn/nn/preprocessing.h"

#include "cairn/ops/ops.h"

namespace cairn::nn {

Tensor Rescaling::forward(const Tensor& x, const Call&) const { return ops::affine(x, scale_, offset_); }

Settings Rescaling::settings() const {
    Settings settings;
    settings.add("scale", scale_);
    settings.add("offset", offset_, 0.0);
    return settings;
}

}  // namespace cairn::nn
