// Chapter 11: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

#include <cmath>
#include <functional>

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

// A layer that saves memory by working in place.
struct Layer {
    std::function<void(Array& x)> forward;                    // overwrites x with the layer's output
    std::function<void(const Array& x, Array& dy)> backward;  // x: the layer's input; overwrites dy with dx
};

// y = ReLU(F(x) + S(x))
struct Block {
    Layer f, s;
};

// The output of a block. x is needed again by backward, so it is left as it was.
Array block(const Block& b, Array& x);

// dx for a given dy; x is the block's input. ReLU'(0) = 0.
Array block_backward(const Block& b, const Array& x, const Array& dy);

// A chain of blocks: block 0 takes x, block i + 1 the output of block i. dy belongs to the output of the last one. Returns the
// gradients with respect to the input of block 0, that of block 1, …, that of the last one.
std::vector<Array> gradients(const std::vector<Block>& blocks, const Array& x, const Array& dy);

// BN(conv1x1(x)): x (N, H, W, C), kernel (C, O), every stride-th row and column -> (N, ⌈H / stride⌉, ⌈W / stride⌉, O).
Array shortcut(const Array& x, const Array& kernel, std::size_t stride);

// How many numbers are trained in plain-(6n + 2), or with `skips` in res-(6n + 2), for images of 3 channels and 10 classes.
long parameters(long n, bool skips);

// Is given: batch normalization by the batch's statistics of each channel, the last axis, with gamma = 1 and beta = 0.
inline Array batch_norm(const Array& x) {
    const std::size_t channels = x.shape.back(), rows = x.size() / channels;
    Array y(x.shape);
    for (std::size_t c = 0; c < channels; ++c) {
        double mean = 0, variance = 0;
        for (std::size_t m = 0; m < rows; ++m) mean += x[m * channels + c] / static_cast<double>(rows);
        for (std::size_t m = 0; m < rows; ++m)
            variance += (x[m * channels + c] - mean) * (x[m * channels + c] - mean) / static_cast<double>(rows);
        for (std::size_t m = 0; m < rows; ++m)
            y[m * channels + c] = (x[m * channels + c] - mean) / std::sqrt(variance + 1e-3);
    }
    return y;
}

}  // namespace exercise
