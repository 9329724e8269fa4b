// What a parameter adds to the loss.
#pragma once

namespace cairn::nn {

// A penalty on a layer's kernel that is added to the loss, in training and in evaluation: lambda * sum of squares.
struct Regularizer {
    double l2 = 0;
};
inline Regularizer l2(double lambda) { return {lambda}; }

}  // namespace cairn::nn
