// What the convolutions' host sides share.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/backend/vulkan/gemm.h"

namespace cairn::vulkan {

// Geometry of include/conv2d_patches.glsl
struct ConvolutionGeometry {
    std::uint32_t H, W, C;
    std::uint32_t OH, OW, O;
    std::uint32_t kw;
    std::uint32_t stride_h, stride_w;
    std::uint32_t pad_top, pad_left;

    // x (N, H, W, C), y (N, OH, OW, O)
    ConvolutionGeometry(const Shape& x, const Window& window, const Shape& y)
        : H(narrow(x[1])),
          W(narrow(x[2])),
          C(narrow(x[3])),
          OH(narrow(y[1])),
          OW(narrow(y[2])),
          O(narrow(y[3])),
          kw(narrow(window.window_w)),
          stride_h(narrow(window.stride_h)),
          stride_w(narrow(window.stride_w)),
          pad_top(narrow(window.pad_top)),
          pad_left(narrow(window.pad_left)) {}

    std::span<const std::uint32_t> words() const { return {&H, sizeof *this / sizeof H}; }
};

}  // namespace cairn::vulkan
