// dropout (Srivastava et al. 2014, scaled in training as in Keras): x (...) -> y (...)
//   y[i] = mask[i] x[i] / (1 - rate),   mask[i] = 0 with probability rate, else 1
//   dx[i] = mask[i] dy[i] / (1 - rate)
// The mask is not stored: the numbers that `key` names are drawn again in backward.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <algorithm>
#include <cmath>

namespace cairn {

Tensor ops::dropout(const Tensor& x, double rate, const RandomKey& key) {
    check_operands("dropout", {x});
    check_elements("dropout", {x});
    check(rate >= 0 && rate < 1, "dropout: the rate {} must be at least 0 and less than 1", rate);
    if (rate == 0) return x;

    // A rate within 2^-33 of 1 would round to 2^32, one more than a threshold can hold.
    const auto threshold = static_cast<std::uint32_t>(std::min(std::round(rate * 0x1p32), 0x1p32 - 1));
    const double scale = 1 / (1 - rate);
    const Tensor y = empty_like(x);
    backend(x).dropout(x, key, threshold, scale, y);
    return autograd::differentiable("dropout", {x}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(dy).dropout(dy, key, threshold, scale, dx.slot(0));
    });
}

}  // namespace cairn
