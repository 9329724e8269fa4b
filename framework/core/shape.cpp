#include "cairn/core/shape.h"

#include "cairn/core/error.h"

#include <algorithm>

namespace cairn {

Shape::Shape(std::initializer_list<std::int64_t> dims) {
    for (const std::int64_t dim : dims) push(dim);
}

void Shape::push(std::int64_t dim) {
    check(rank_ < max_rank, "shape: more than {} axes are not supported", max_rank);
    check(dim >= 0, "shape: the size {} of axis {} is negative", dim, rank_);
    dims_[static_cast<std::size_t>(rank_++)] = dim;
}

int Shape::checked_axis(int axis) const {
    const int counted = axis < 0 ? axis + rank_ : axis;
    invariant(counted >= 0 && counted < rank_, "shape {} has no axis {}", *this, axis);
    return counted;
}

std::int64_t Shape::operator[](int axis) const { return dims_[static_cast<std::size_t>(checked_axis(axis))]; }

std::int64_t Shape::size() const {
    std::int64_t size = 1;
    for (const std::int64_t dim : *this)
        check(!__builtin_mul_overflow(size, dim, &size), "shape {} has more elements than can be counted", *this);
    return size;
}

Shape Shape::append(std::int64_t dim) const {
    Shape result = *this;
    result.push(dim);
    return result;
}

Shape Shape::prepend(std::int64_t dim) const {
    Shape result;
    result.push(dim);
    for (const std::int64_t d : *this) result.push(d);
    return result;
}

Shape Shape::drop_first() const {
    invariant(rank_ > 0, "a scalar has no first axis to drop");
    Shape result;
    for (const std::int64_t* d = begin() + 1; d != end(); ++d) result.push(*d);
    return result;
}

Shape Shape::with(int axis, std::int64_t dim) const {
    Shape result = *this;
    result.dims_[static_cast<std::size_t>(checked_axis(axis))] = dim;
    return result;
}

bool Shape::operator==(const Shape& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

std::string Shape::str() const {
    if (rank_ == 1) return fmt::format("({},)", dims_[0]);
    return fmt::format("({})", fmt::join(begin(), end(), ", "));
}

}  // namespace cairn
