// Parameters: the numbers a layer owns. Those of a model lie one after another in a few large tensors, the arenas: all
// trainable values in one, their gradients in another with the same offsets, and the state that training does not
// differentiate (batch norm's moving statistics) in a third. An optimizer then updates everything in one pass.
#pragma once

#include "cairn/core/random.h"
#include "cairn/core/tensor.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::nn {

// The initial values of a parameter of a given size, drawn from a stream of its own.
using Initializer = std::function<std::vector<double>(std::int64_t size, RandomStream& random)>;

// Uniform in [-limit, limit), limit = sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010): Keras's default for
// kernels. Dense: the fans are inputs and outputs; Conv2D: kh * kw * channels in and kh * kw * filters.
Initializer glorot_uniform(std::int64_t fan_in, std::int64_t fan_out);
Initializer constant(double value);

struct Parameter {
    Parameter(std::string name_, const Shape& shape_, Initializer initializer_, bool trainable_)
        : name(std::move(name_)), shape(shape_), initializer(std::move(initializer_)), trainable(trainable_) {}

    std::string name;  // within its layer: "kernel", "bias", "gamma", "moving_mean", …
    Shape shape;
    Initializer initializer;
    bool trainable = true;
    std::int64_t offset = 0;  // where it begins in its arena, in elements
    Tensor value;             // a variable if trainable; undefined until the model is initialized
};

}  // namespace cairn::nn
