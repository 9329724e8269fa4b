// What belongs together in a call of a kernel: the operands of layers, and how their windows lie.
#pragma once

#include "cairn/core/tensor.h"

#include <cstdint>

namespace cairn {

// How a window slides over an image (convolution and pooling). The output is (N, OH, OW, …); its element (i, j) looks
// at input rows i * stride_h - pad_top + a * dilation_h for 0 <= a < window_h, columns alike; pixels outside of the image are
// padding. In formulas sh, sw are the strides, pt, pl the padding at the top and on the left, and dh, dw the dilation, which
// is 1 in poolings.
struct Window {
    std::int64_t window_h = 1, window_w = 1;
    std::int64_t stride_h = 1, stride_w = 1;
    std::int64_t pad_top = 0, pad_left = 0;
    std::int64_t dilation_h = 1, dilation_w = 1;

    bool is_dilated() const { return dilation_h != 1 || dilation_w != 1; }
};

// How the cpu computes a convolution; other devices have one way each. im2col and direct compute every layer, winograd
// layers of 3 x 3 windows without strides: the others go by direct then. automatic: backend/cpu/convolution.h says which.
// Layers with dilation or groups have a way of their own.
enum class ConvolutionAlgorithm { automatic, im2col, direct, winograd };

// The operands of y = activation(conv2d(x, kernel) + bias), where activation is ReLU or nothing.
struct Convolution {
    Tensor x{}, kernel{}, bias{};  // (N, H, W, C), (kh, kw, C / G, O), (O); bias is optional
    Window window{};
    Shape output{};  // (N, OH, OW, O)
    bool relu = false;
    ConvolutionAlgorithm algorithm = ConvolutionAlgorithm::automatic;
};

// The operands of y = activation(x kernel + bias), where activation is ReLU or nothing.
struct DenseLayer {
    Tensor x{}, kernel{}, bias{};  // (B, I), (I, O), (O); bias is optional
    bool relu = false;
};

// The gradients of a convolution or a dense layer, each of its operand's shape. All three are optional.
struct LayerGradients {
    Tensor dx{}, dkernel{}, dbias{};
};

// Pooling behind a convolution: y and argmax as in max_pool2d.
struct Pooling {
    Window window{};
    Tensor y{}, argmax{};  // (N, PH, PW, O); argmax is optional in the forward kernel
};

// The operands of y = gamma (x - mean) / sqrt(variance + epsilon) + beta for every channel, the last axis of x (..., C).
struct Normalization {
    Tensor mean{}, variance{}, gamma{}, beta{};  // (C)
    double epsilon = 1e-3;
};

// Moving averages of a normalization's statistics: moving = momentum * moving + (1 - momentum) * value.
struct MovingStatistics {
    Tensor mean{}, variance{};  // (C)
    double momentum = 0.99;
};

// The gradients of a normalization: dx (..., C), dgamma and dbeta (C). All three are optional.
struct NormalizationGradients {
    Tensor dx{}, dgamma{}, dbeta{};
};

// Which statistics a batch norm's output was computed from, and hence whether they depend on x.
enum class Statistics { batch, moving };

}  // namespace cairn
