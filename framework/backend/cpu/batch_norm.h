// The gradient of a normalization, for kernels that apply it where they read dy.
#pragma once

#include "cairn/backend/backend.h"

namespace cairn::cpu {

// By batch statistics dx = scale * (dy - offset - (x - mean) * slope), each channel with its own, and by moving ones
// dx = scale * dy, which does not ask for x. The formulas are in backend.h.
template <typename T>
struct NormalizationGradient {
    // One pass over x and dy. The sums that it takes also make out.dgamma and out.dbeta, where these are defined.
    NormalizationGradient(const Tensor& x, const Normalization& normalization, const Tensor& dy,
                          const NormalizationGradients& out, Allocator& allocator);

    T of(std::int64_t channel, T x, T dy) const {  // by batch statistics
        return scale[channel] * (dy - offset[channel] - (x - mean[channel]) * slope[channel]);
    }

    Tensor coefficients;  // (3, C): scale, offset and slope
    const T *mean, *scale, *offset, *slope;
};

}  // namespace cairn::cpu
