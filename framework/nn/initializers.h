// Initializers: where a parameter's first values come from, with Keras's names, defaults and variances.
//
//   nn::Dense(64, {.kernel_initializer = nn::he_normal()})
//
// They draw from the parameter's own stream of random numbers, so the same seed gives the same model.
#pragma once

#include "cairn/core/random.h"
#include "cairn/core/shape.h"

#include <functional>
#include <vector>

namespace cairn::nn {

// The first values of a parameter of this shape, row-major. Any function may be one.
using Initializer = std::function<std::vector<double>(const Shape& shape, RandomStream& random)>;

// How many inputs go into one output of a kernel and how many outputs one input goes to, told by its shape as Keras does:
// (…, inputs, outputs), times the elements of the window before those two; an axis alone counts for both.
struct Fans {
    double in, out;
};
Fans fans_of(const Shape& shape);

Initializer constant(double value = 0);
Initializer zeros();
Initializer ones();

Initializer random_uniform(double low = -0.05, double high = 0.05);
Initializer random_normal(double mean = 0, double deviation = 0.05);
// Normal numbers, those more than two deviations away drawn again.
Initializer truncated_normal(double mean = 0, double deviation = 0.05);

// Numbers of mean 0 whose variance goes by the fans: 2 / (in + out) for Glorot (Glorot and Bengio 2010; uniform is the
// default for kernels), 2 / in for He (He et al. 2015), 1 / in for LeCun (LeCun et al. 1998). uniform: in [-l, l) with
// l = sqrt(3 variance); normal: truncated at two deviations of a normal distribution so much wider that what is left has
// the variance.
Initializer glorot_uniform();
Initializer glorot_normal();
Initializer he_uniform();
Initializer he_normal();
Initializer lecun_uniform();
Initializer lecun_normal();

// Seen as a matrix of the last axis by all others, rows or columns (whichever are fewer) that are orthogonal to each other
// and of length `gain` (Saxe et al. 2014). Throws Error for a parameter with fewer than two axes.
Initializer orthogonal(double gain = 1);

}  // namespace cairn::nn
