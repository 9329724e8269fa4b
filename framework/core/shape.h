// Shape: the sizes of a tensor's axes, outermost first. Images are (batch, height, width, channels).
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace cairn {

class Shape {
public:
    static constexpr int max_rank = 6;

    // The shape () of a scalar: rank 0, one element.
    Shape() = default;
    // Throws Error for more than max_rank axes or a negative size.
    Shape(std::initializer_list<std::int64_t> dims);

    int rank() const { return rank_; }

    // Size of one axis; negative axes count from the end: shape[-1] is the innermost. Throws BugError out of range.
    std::int64_t operator[](int axis) const;

    // Number of elements: the product of all sizes, 1 for a scalar. Throws Error where it does not fit into 64 bits.
    std::int64_t size() const;

    // This shape with one more axis at the end, or at the front.
    Shape append(std::int64_t dim) const;
    Shape prepend(std::int64_t dim) const;
    // This shape without its first axis: (B, H, W, C) -> (H, W, C). Throws BugError for a scalar.
    Shape drop_first() const;
    // The same shape with the size of one axis (negative from the end) replaced.
    Shape with(int axis, std::int64_t dim) const;

    const std::int64_t* begin() const { return dims_.data(); }
    const std::int64_t* end() const { return dims_.data() + rank_; }

    bool operator==(const Shape& other) const;

    // "(8, 32, 32, 3)"; "(10,)" for one axis, as Python writes tuples.
    std::string str() const;

private:
    void push(std::int64_t dim);
    int checked_axis(int axis) const;

    std::array<std::int64_t, max_rank> dims_{};
    int rank_ = 0;
};

}  // namespace cairn

template <>
struct fmt::formatter<cairn::Shape> : fmt::formatter<std::string> {
    template <typename Context>
    auto format(const cairn::Shape& shape, Context& context) const {
        return fmt::formatter<std::string>::format(shape.str(), context);
    }
};
