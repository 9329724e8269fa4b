#include "cairn/nn/activation.h"

namespace cairn::nn {

bool ActivationFunction::is_relu() const {
    const auto* function = function_.target<Tensor (*)(const Tensor&)>();
    return function && *function == &ops::relu;
}

}  // namespace cairn::nn
