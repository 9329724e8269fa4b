// Reductions, for the kernels that need one inside.
#pragma once

#include "cairn/backend/vulkan/launch.h"

namespace cairn::vulkan {

enum class ReduceOp { sum, sum_of_squares, max };  // as in shaders/reduce.comp

// y = scale * the reduction of x to y's shape; max takes no scale. One dispatch, or two where y is small and x large.
void reduce(Context& context, ReduceOp op, double scale, const Tensor& x, const Tensor& y);

}  // namespace cairn::vulkan
