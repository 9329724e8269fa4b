// What the cases of convolutions and poolings share.
#pragma once

#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops::detail {

using Pair = std::array<std::int64_t, 2>;
inline constexpr Padding valid = Padding::valid, same = Padding::same;

struct ConvolutionCase {
    Shape x;
    Pair size;
    std::int64_t outputs;
    Pair strides = {1, 1};
    Padding padding = valid;
    Pair dilation_rate = {1, 1};
    std::int64_t groups = 1;
    bool bias = true;
    bool relu = false;

    Shape kernel() const { return {size[0], size[1], x[3] / groups, outputs}; }
    ConvolutionOptions options() const {
        return {.strides = strides, .padding = padding, .dilation_rate = dilation_rate, .groups = groups, .relu = relu};
    }
    std::string name() const;  // "3x3 same, stride 2, (1, 7, 9, 3) -> 5, bias"
};

// "3x3 same, stride 2"
std::string window_name(const Pair& size, Padding padding, const Pair& strides);

}  // namespace cairn::ops::detail
