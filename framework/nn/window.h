// Sizes and paddings of windows that slide over images, as layers take them.
#pragma once

#include "cairn/ops/ops.h"

#include <array>

namespace cairn::nn {

inline constexpr ops::Padding same = ops::Padding::same;
inline constexpr ops::Padding valid = ops::Padding::valid;
inline const char* name_of(ops::Padding padding) { return padding == same ? "same" : "valid"; }

using Size2d = std::array<std::int64_t, 2>;  // (height, width)

}  // namespace cairn::nn
