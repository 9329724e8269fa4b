// The axes of tensors that broadcast to each other, for shaders: innermost first, with as few axes as tell the same.
#pragma once

#include "cairn/backend/vulkan/kernels.h"

#include <cstddef>
#include <vector>

namespace cairn::vulkan {

// One axis of the full shape, and how far an operand moves along it: 0 where the operand is repeated.
struct BroadcastAxis {
    std::uint32_t size, stride;
};

// The axes of `shape` from the last to the first, as the operand sees them: its sizes are aligned at the last axis.
inline std::vector<BroadcastAxis> axes_of(const Shape& shape, const Shape& operand) {
    std::vector<BroadcastAxis> axes;
    std::int64_t stride = 1;
    for (int axis = -1; axis >= -shape.rank(); --axis) {
        const std::int64_t size = axis >= -operand.rank() ? operand[axis] : 1;
        axes.push_back({narrow(shape[axis]), size == 1 ? 0 : narrow(stride)});
        stride *= size;
    }
    return axes;
}

// Does this operand go on along an axis as if it were the continuation of the axis inside of it?
inline bool continues(const BroadcastAxis& inner, const BroadcastAxis& outer) {
    return outer.stride == inner.stride * inner.size;
}

}  // namespace cairn::vulkan
