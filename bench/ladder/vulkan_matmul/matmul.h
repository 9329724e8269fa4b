// The ladder to shaders/matmul.comp: the rungs below it, which the library does not hold.
#pragma once

#include "cairn/core/tensor.h"

namespace cairn::bench {

enum class MatmulRung { naive, tiled };

// c = a b in float32, on a Vulkan device: a (M, K), b (K, N), c (M, N).
void vulkan_matmul(MatmulRung rung, const Tensor& a, const Tensor& b, const Tensor& c);

}  // namespace cairn::bench
