// Floating-point operations of an op's forward pass: a multiplication and an addition count as two. Only products are
// counted (bias, activation and pooling are below a percent of the models here); an op's backward costs the same again
// per gradient.
#pragma once

#include "cairn/core/shape.h"

namespace cairn::ops {

// x (M, K) times (K, N).
inline std::int64_t matmul_flops(std::int64_t m, std::int64_t k, std::int64_t n) { return 2 * m * k * n; }

// kernel (kh, kw, C, O) over an output (N, OH, OW, O).
inline std::int64_t conv2d_flops(const Shape& kernel, const Shape& output) {
    return 2 * output.size() * kernel[0] * kernel[1] * kernel[2];
}

}  // namespace cairn::ops
