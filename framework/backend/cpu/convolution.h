// A convolution's sizes and operands, and which algorithm computes which of its passes.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/backend/cpu/scratch.h"

#include <optional>

namespace cairn::cpu {

// The sizes of a convolution of x (N, H, W, C) with a kernel (kh, kw, C / groups, O) to y (N, OH, OW, O).
struct ConvolutionSizes {
    ConvolutionSizes(const Shape& x, const Shape& kernel, const Window& sliding, const Shape& y);

    std::int64_t x_image() const { return H * W * C; }    // elements
    std::int64_t y_image() const { return OH * OW * O; }  // elements
    std::int64_t channels_of_group() const { return C / groups; }
    std::int64_t outputs_of_group() const { return O / groups; }
    std::int64_t patch() const { return window.window_h * window.window_w * channels_of_group(); }
    std::int64_t multiply_adds() const { return y_image() * patch(); }  // of an image
    bool has_strides() const { return window.stride_h != 1 || window.stride_w != 1; }
    bool is_depthwise() const { return groups == C && groups > 1; }  // depthwise.h computes these

    std::int64_t N, H, W, C, OH, OW, O, groups;
    Window window;
};

enum class ConvolutionPass { forward, input_gradient, kernel_gradient };

// The algorithm that computes a pass where `requested` was asked for; never automatic. Winograd's takes windows of 3 x 3
// without strides, and the direct one computes the others that are to go by it; im2col takes every convolution, and those with
// dilation or groups are always its own. automatic is what bench/conv2d_bench shows to be the fastest:
//   3 x 3, no strides, 16 channels or more on both sides    winograd: with fewer the additions outweigh what they save
//   no strides                                              direct
//   strides                                                 direct, but im2col for dx
ConvolutionAlgorithm algorithm_for(ConvolutionPass pass, const ConvolutionSizes& s, ConvolutionAlgorithm requested);

// The one algorithm of all gradients that are wanted; none where dx and dkernel go by two.
std::optional<ConvolutionAlgorithm> algorithm_of_gradients(const ConvolutionSizes& s, ConvolutionAlgorithm requested,
                                                           const LayerGradients& wanted);

template <typename T>
struct ForwardOperands {
    explicit ForwardOperands(const Convolution& layer)
        : s(layer.x.shape(), layer.kernel.shape(), layer.window, layer.output),
          x(layer.x.data<T>()),
          kernel(layer.kernel.data<T>()),
          bias(optional_data<T>(layer.bias)),
          relu(layer.relu) {}

    ConvolutionSizes s;
    const T *x, *kernel, *bias;  // bias: nullptr where there is none
    bool relu;
};

template <typename T>
struct GradientOperands {
    GradientOperands(const Convolution& layer, const LayerGradients& out)
        : s((layer.x.defined() ? layer.x : out.dx).shape(),
            (layer.kernel.defined() ? layer.kernel : out.dkernel).shape(), layer.window, layer.output),
          x(optional_data<T>(layer.x)),
          kernel(optional_data<T>(layer.kernel)),
          dx(optional_data<T>(out.dx)),
          dkernel(optional_data<T>(out.dkernel)),
          dbias(optional_data<T>(out.dbias)) {}

    ConvolutionSizes s;
    const T *x, *kernel;      // x is read for dkernel, kernel for dx
    T *dx, *dkernel, *dbias;  // nullptr: not wanted
};

}  // namespace cairn::cpu
