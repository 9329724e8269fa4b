// Chapter 9: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

#include <functional>
#include <string>

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

struct Statistics {
    Array mean, variance;  // (C)
};

// Of each channel of x (N, H, W, C), over N, H and W; the variance is divided by their number, not by one less.
Statistics statistics(const Array& x);

// After how many steps less than `share` of the moving statistics is what they began with.
long steps_until(double momentum, double share);

// A batch norm as it stands in a trained model. All arrays are (C).
struct BatchNorm {
    Array gamma, beta;
    Statistics moving;  // what inference uses
    Statistics batch;   // of the last batch of the training
    double epsilon;
};

// A convolution's kernel (kh, kw, C, O) and bias (O), or a dense layer's kernel (I, O) and bias (O).
struct Linear {
    Array kernel, bias;
};

// One layer that computes what `layer` and the batch norm behind it compute in inference.
Linear fold(const Linear& layer, const BatchNorm& norm);

// One dense layer that computes what the batch norm before it and `dense` compute in inference: kernel (I, O), the norm's
// arrays (I).
Linear fold_before(const BatchNorm& norm, const Linear& dense);

// Which batch norms of a chain can be folded into the layer before them? The layers are "conv", "dense", "relu", "pool",
// "dropout" and "batch_norm". Returns a flag for each layer; that of a batch norm is set if it can be folded so.
std::vector<bool> foldable(const std::vector<std::string>& layers);

// The rates are increasing; train(rate) trains afresh and returns the loss of each epoch. A rate is stable if all its losses are
// finite and the last one is below the first. Returns the largest rate such that it and all before it are stable, and 0 if
// the first one is not; trains at no rate beyond the first unstable one.
double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates);

}  // namespace exercise
