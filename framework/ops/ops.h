// The differentiable operations, one .cpp each: the formula of the forward and the gradient, the checks, forward and
// backward stand there together. Every op checks its inputs' shapes and throws Error with the shapes and the way out.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/ops/activations.h"
#include "cairn/ops/shaping.h"

#include <array>

namespace cairn::ops {

enum class Padding { valid, same };  // as in Keras: none, or so much that the output has ceil(input / stride) rows

// Elementwise, with NumPy's broadcasting for the binary ones.            elementwise.cpp
Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor square(const Tensor& x);
Tensor relu(const Tensor& x);
Tensor abs(const Tensor& x);
Tensor pow(const Tensor& x, double exponent);
Tensor reciprocal(const Tensor& x, double numerator = 1);
Tensor affine(const Tensor& x, double scale, double shift);  // scale * x + shift
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, const Tensor& b);

// Over the given axes (negative from the end; none given: all of them), which keep size 1 if keep_dims.      reduce.cpp
Tensor sum(const Tensor& x, const std::vector<int>& axes = {}, bool keep_dims = false);
Tensor mean(const Tensor& x, const std::vector<int>& axes = {}, bool keep_dims = false);
Tensor max(const Tensor& x, const std::vector<int>& axes = {}, bool keep_dims = false);

// op(a) op(b) for matrices; op transposes where its flag is set.                                             matmul.cpp
Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a = false, bool transpose_b = false);

// x kernel + bias, or relu(x kernel + bias): x (B, I), kernel (I, O), bias (O) or undefined -> (B, O).         dense.cpp
Tensor dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, bool relu = false);

struct ConvolutionOptions {
    std::array<std::int64_t, 2> strides{1, 1};  // (height, width)
    Padding padding = Padding::valid;
    std::array<std::int64_t, 2> dilation_rate{1, 1};  // from one element of the window to the next, in pixels
    std::int64_t groups = 1;                          // of channels, each of which is convolved by itself
    bool relu = false;
    ConvolutionAlgorithm algorithm = ConvolutionAlgorithm::automatic;
};
// x (N, H, W, C), kernel (kh, kw, C / groups, O), bias (O) or undefined -> (N, OH, OW, O).                   conv2d.cpp
Tensor conv2d(const Tensor& x, const Tensor& kernel, const Tensor& bias, const ConvolutionOptions& options = {});
// Every channel by itself: kernel (kh, kw, C, M), bias (C M) or undefined -> (N, OH, OW, C M). options.groups is not looked at.
Tensor depthwise_conv2d(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                        const ConvolutionOptions& options = {});

struct TransposedConvolutionOptions {
    std::array<std::int64_t, 2> strides{1, 1};
    Padding padding = Padding::valid;
    std::array<std::int64_t, 2> dilation_rate{1, 1};
    // Rows and columns behind the output, fewer than the strides; -1: as many as Keras's default.
    std::array<std::int64_t, 2> output_padding{-1, -1};
};
// The size (OH, OW) to which an image (H, W) is spread out by a window of this size.              conv2d_transpose.cpp
std::array<std::int64_t, 2> transposed_size(const char* op, std::array<std::int64_t, 2> image,
                                            std::array<std::int64_t, 2> window,
                                            const TransposedConvolutionOptions& options);
// What conv2d's gradient does to its input's: x (N, H, W, C), kernel (kh, kw, O, C), bias (O) or undefined -> (N, OH, OW, O).
Tensor conv2d_transpose(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                        const TransposedConvolutionOptions& options = {});

struct PoolingOptions {
    std::array<std::int64_t, 2> pool_size{2, 2};
    std::array<std::int64_t, 2> strides{0, 0};  // 0: the pool size, as in Keras
    Padding padding = Padding::valid;
};
// x (N, H, W, C) -> (N, OH, OW, C).                                                                      max_pool2d.cpp
Tensor max_pool2d(const Tensor& x, const PoolingOptions& options = {});

// The mean of every window, of which pixels outside of the image are no part: x (N, H, W, C) -> (N, OH, OW, C).
//                                                                                                    average_pool2d.cpp
Tensor average_pool2d(const Tensor& x, const PoolingOptions& options = {});

// max_pool2d(conv2d(…)) in one op, which keeps nothing between the two.                       conv2d_max_pool2d.cpp
Tensor conv2d_max_pool2d(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                         const ConvolutionOptions& options = {}, const PoolingOptions& pooling = {});

// The window of a convolution or pooling over x (N, H, W, C), padded as Keras does, and its output's size (OH, OW).
// Throws Error, beginning with `op`, for strides or sizes below 1 and for a window beyond a 'valid' image. window.cpp
struct SlidingWindow {
    Window window;
    std::int64_t output_h = 0, output_w = 0;
};
SlidingWindow slide_window(const char* op, const Shape& x, std::array<std::int64_t, 2> size,
                           std::array<std::int64_t, 2> strides, Padding padding,
                           std::array<std::int64_t, 2> dilation_rate = {1, 1});
SlidingWindow slide_window(const char* op, const Shape& x, const PoolingOptions& options);
// The operands of conv2d, checked and with their output's shape.                                             conv2d.cpp
Convolution convolution_operands(const char* op, const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                 const ConvolutionOptions& options);

struct BatchNormOptions {
    double epsilon = 1e-3;
    double momentum = 0.99;
};
struct BatchNorm {
    Tensor gamma, beta, moving_mean, moving_variance;  // (C)
    BatchNormOptions options{};
};
// Normalizes x (..., C) over all axes but the last by the batch's statistics, and moves the moving ones towards them in
// place.                                                                                                 batch_norm.cpp
Tensor batch_norm_training(const Tensor& x, const BatchNorm& layer);
// Normalizes by the moving statistics.
Tensor batch_norm_inference(const Tensor& x, const BatchNorm& layer);
// batch_norm_training(conv2d(…)) in one op, whose gradients keep nothing between the two.       conv2d_batch_norm.cpp
Tensor conv2d_batch_norm_training(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                  const ConvolutionOptions& options, const BatchNorm& layer);
// Throws Error, beginning with `op`, unless the layer fits inputs of `shape`, of the dtype and device of x.
void check_batch_norm(const char* op, const Tensor& x, const Shape& shape, const BatchNorm& layer);

// Normalizes each sample's numbers along the last axis, and scales and shifts every channel: x (..., C), gamma, beta (C), each
// of which may be undefined.                                                                            layer_norm.cpp
Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon = 1e-3);
// The same over each sample's (..., C / groups): x (N, ..., C).
Tensor group_norm(const Tensor& x, std::int64_t groups, const Tensor& gamma, const Tensor& beta, double epsilon = 1e-3);

// Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate); `key` names the mask.
//                                                                                                         dropout.cpp
Tensor dropout(const Tensor& x, double rate, const RandomKey& key);

// Along the last axis.                                                                                      softmax.cpp
Tensor softmax(const Tensor& x);
Tensor log_softmax(const Tensor& x);

// Mean over the batch of the cross-entropy between labels and softmax(logits), as a scalar. logits (B, C); labels int32
// (B) of classes, or (B, C) of probabilities (one-hot), which get no gradient.                softmax_cross_entropy.cpp
Tensor softmax_cross_entropy(const Tensor& logits, const Tensor& labels);

// lambda * (sum of the squares of w), as a scalar: Keras's L2(lambda).                                   l2_penalty.cpp
Tensor l2_penalty(const Tensor& w, double lambda);

// Without gradient:                                                                                       decisions.cpp
Tensor argmax(const Tensor& x);                                           // (..., C) -> int32 (...), the first maximum
Tensor count_correct(const Tensor& logits, const Tensor& labels);         // scalar of logits' dtype; labels as above
Tensor scale_pixels(const Tensor& images, DType dtype = DType::float32);  // uint8 -> [0, 1], divided by 255
Tensor one_hot(const Tensor& labels, std::int64_t classes,
               DType dtype = DType::float32);  // int32 (B) -> (B, C) one_hot.cpp

}  // namespace cairn::ops
