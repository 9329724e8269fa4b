// Chapter 6: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/core/random.h"
#include "cairn/course/exercise.h"

namespace exercise {

using cairn::RandomKey;
using cairn::RandomStream;
using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

// Of each column of x (M, C), over its M rows: the mean, and the mean of the squared distances from it. Both (C).
struct Statistics {
    Array mean, variance;
};
Statistics statistics(const Array& x);

// y (M, C) = gamma * (x - mean) / sqrt(variance + epsilon) + beta, column by column.
Array normalize(const Array& x, const Statistics& by, const Array& gamma, const Array& beta, double epsilon);

struct BatchNorm {
    Array gamma, beta;  // (C), trained
    Statistics moving;  // (C), which follow the batches
    double epsilon = 1e-3, momentum = 0.99;
};

// In training: normalizes x (M, C) by its own statistics, and moves the moving ones towards them.
Array batch_norm_training(const Array& x, BatchNorm& layer);
// In use: normalizes by the moving statistics.
Array batch_norm_inference(const Array& x, BatchNorm& layer);

struct Gradients {
    Array dx, dgamma, dbeta;  // (M, C), (C), (C)
};
// For a given dy (M, C): the gradients of batch_norm_training's y, and those of batch_norm_inference's.
Gradients batch_norm_backward(const Array& x, const BatchNorm& layer, const Array& dy);
Gradients batch_norm_inference_backward(const Array& x, const BatchNorm& layer, const Array& dy);

// In training element i of x is dropped if number i of RandomStream(key), drawn by uniform(), is below the rate; the others are
// divided by 1 - rate. In use y = x.
Array dropout(const Array& x, double rate, bool training, const RandomKey& key);
// dx for a given dy and the same key.
Array dropout_backward(const Array& dy, double rate, bool training, const RandomKey& key);

}  // namespace exercise
