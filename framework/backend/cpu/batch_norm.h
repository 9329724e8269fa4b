// The gradient of a normalization, for kernels that apply it where they read dy.
#pragma once

#include "backend/backend.h"

namespace cairn::cpu {

// dx = scale * (dy - offset - (x - mean) * slope), each channel with its own; the formulas are in backend.h.
template <typename T>
struct NormalizationGradient {
    // One pass over x and dy. The sums that it takes also make dgamma and dbeta, where these are defined.
    NormalizationGradient(const Tensor& x, const Tensor& mean_of_x, const Tensor& variance, const Tensor& gamma,
                          double epsilon, Statistics statistics, const Tensor& dy, const Tensor& dgamma,
                          const Tensor& dbeta, Allocator& allocator);

    T of(std::int64_t channel, T x, T dy) const {
        return scale[channel] * (dy - offset[channel] - (x - mean[channel]) * slope[channel]);
    }

    Tensor coefficients;  // (3, C): scale, offset and slope
    const T *mean, *scale, *offset, *slope;
};

}  // namespace cairn::cpu
