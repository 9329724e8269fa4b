// Parameters: the numbers a layer owns. Those of a model lie one after another in a few large tensors, the arenas: all
// trainable values in one, their gradients in another with the same offsets, and the state that training does not
// differentiate (batch norm's moving statistics) in a third. An optimizer then updates everything in one pass.
#pragma once

#include "cairn/core/tensor.h"
#include "cairn/nn/initializers.h"

#include <string>

namespace cairn::nn {

struct Parameter {
    Parameter(std::string name_, const Shape& shape_, Initializer initializer_, bool trainable_)
        : name(std::move(name_)), shape(shape_), initializer(std::move(initializer_)), trainable(trainable_) {}

    std::string name;  // within its layer: "kernel", "bias", "gamma", "moving_mean", …
    Shape shape;
    Initializer initializer;
    bool trainable = true;
    bool frozen = false;      // see Model::freeze
    std::int64_t offset = 0;  // where it begins in its arena, in elements
    Tensor value;             // a variable if trainable; undefined until the model is initialized
};

}  // namespace cairn::nn
