// broadcast_index: which element of a broadcast operand stands where. Shapes are aligned at the last axis; an axis of
// size 1 (or a missing one) is repeated. In a tensor of shape (2, 3):
//   operand (3,): 0 1 2      operand (2, 1): 0 0 0      operand (): 0 0 0
//                 0 1 2                      1 1 1                  0 0 0
#pragma once

#include "cairn/core/shape.h"

namespace cairn {

// The index (row-major) of the operand's element that meets element i of a tensor of `shape`. A reduction reads it the
// other way round: the element of the reduced tensor that element i of the full one goes into.
inline std::int64_t broadcast_index(std::int64_t i, const Shape& shape, const Shape& operand) {
    std::int64_t index = 0, stride = 1;
    for (int axis = -1; axis >= -operand.rank(); --axis) {
        const std::int64_t coordinate = i % shape[axis];
        i /= shape[axis];
        if (operand[axis] != 1) index += coordinate * stride;
        stride *= operand[axis];
    }
    return index;
}

}  // namespace cairn
