#include "nn/layers.h"

namespace cairn::nn {

Tensor Activation::forward(const Tensor& x, const Call&) const {
    return activation_ == cairn::Activation::relu ? ops::relu(x) : x;
}

}  // namespace cairn::nn
