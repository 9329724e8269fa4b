// What the kernels' host sides share.
#pragma once

#include "cairn/backend/vulkan/launch.h"

#include "cairn/core/error.h"
#include "cairn/core/tensor.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace cairn::vulkan {

// Invocations per workgroup of the kernels that are not matrix products: what every device offers.
constexpr std::uint32_t group_size = 128;

// Sizes and indices are 32 bits wide in shaders. A tensor that fits into a buffer has no more elements than that.
inline std::uint32_t narrow(std::int64_t n) {
    invariant(n >= 0 && n <= 0xffffffff, "{} elements do not fit into 32 bits", n);
    return static_cast<std::uint32_t>(n);
}
inline std::uint32_t size_of(const Tensor& x) { return narrow(x.size()); }

inline Groups groups_for_elements(std::int64_t n) { return groups_for(n, group_size); }
// One group for each of n pieces of work.
inline Groups groups_for_pieces(std::int64_t n) { return groups_for(n, 1); }

constexpr std::uint32_t divide_up(std::uint32_t a, std::uint32_t b) { return a / b + (a % b != 0); }

// The power of two that holds n, of at most `limit`: how many invocations share a row, or stand side by side.
inline std::uint32_t power_of_two(std::uint32_t n, std::uint32_t limit) {
    return std::min(std::bit_ceil(std::max(n, 1u)), limit);
}

// How the elements that go into each of a few results are cut into slices, one workgroup each, so that the device has
// work to do: 16 elements at least for each of the lanes that share a result, and no more slices than the second run can
// add up quickly.
struct Slices {
    std::uint32_t count, size;

    Slices(std::uint32_t elements, std::uint32_t lanes) {
        constexpr std::uint32_t per_lane = 16, most = 256;
        size = std::max(per_lane * lanes, divide_up(elements, most));
        count = std::max(divide_up(elements, size), 1u);
    }
};

inline Tensor scratch(const Shape& shape, const Tensor& like) {
    return Tensor::empty(shape, like.dtype(), like.allocator());
}

}  // namespace cairn::vulkan
