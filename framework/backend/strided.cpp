#include "cairn/backend/strided.h"

namespace cairn {

Placement contiguous(const Shape& shape) {
    Placement result;
    std::int64_t step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        result.step[static_cast<std::size_t>(axis)] = step;
        step *= shape[axis];
    }
    return result;
}

StridedCopy merged(const StridedCopy& copy) {
    StridedCopy result{{}, {copy.from.offset, {}}, {copy.to.offset, {}}, copy.accumulate};
    for (int axis = 0; axis < copy.shape.rank(); ++axis) {
        const std::int64_t size = copy.shape[axis];
        const std::int64_t from = copy.from.step[static_cast<std::size_t>(axis)];
        const std::int64_t to = copy.to.step[static_cast<std::size_t>(axis)];
        if (size == 1) continue;
        auto last = static_cast<std::size_t>(result.shape.rank() - 1);
        const bool goes_on =
            result.shape.rank() > 0 && result.from.step[last] == from * size && result.to.step[last] == to * size;
        if (goes_on) {
            result.shape = result.shape.with(-1, result.shape[-1] * size);
        } else {
            result.shape = result.shape.append(size);
            ++last;
        }
        result.from.step[last] = from;
        result.to.step[last] = to;
    }
    return result;
}

}  // namespace cairn
