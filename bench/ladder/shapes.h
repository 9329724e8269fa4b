// The shapes that the nine models give to their kernels.
#pragma once

#include "cairn/core/shape.h"

#include <string>
#include <vector>

namespace cairn::bench {

struct LayerShapes {
    std::string name;     // "original-cnn/conv2d_1", the first layer that has these shapes
    Shape input, output;  // with the model's batch size in front
    Shape kernel;         // of Dense and Conv2D
};
// Of the layers of a type ("Conv2D"), each combination of shapes once.
std::vector<LayerShapes> layers_of(const std::string& type);

struct ModelSize {
    std::string name;
    std::int64_t parameters = 0;  // that are trained
};
std::vector<ModelSize> model_sizes();

}  // namespace cairn::bench
