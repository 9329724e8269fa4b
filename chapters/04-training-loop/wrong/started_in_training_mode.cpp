// part: starts_right
// the loss is measured in training mode.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

bool starts_right(Model& model, const Data& data) {
    const std::size_t C = model.forward(data.part(0, 1).images, false).shape[1];
    return std::abs(cross_entropy(model.forward(data.images, true), data.labels) - std::log(static_cast<double>(C))) <= 0.1;
}

}  // namespace exercise
