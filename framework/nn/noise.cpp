#include "cairn/nn/noise.h"

#include "cairn/ops/ops.h"

namespace cairn::nn {

Dropout::Dropout(double rate) : rate_(rate) {
    check(rate >= 0 && rate < 1, "Dropout: the rate must be at least 0 and below 1, not {}", rate);
}

Tensor Dropout::forward(const Tensor& x, const Call& call) const {
    if (!call.training || !call.dropout) return x;
    return ops::dropout(x, rate_, {call.seed, stream_of(Purpose::dropout, ordinal()), call.step});
}

}  // namespace cairn::nn
