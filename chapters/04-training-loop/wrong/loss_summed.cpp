// part: starts_right
// the sum of the losses is compared with ln C, and not their mean.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

bool starts_right(Model& model, const Data& data) {
    const std::size_t C = model.forward(data.part(0, 1).images, false).shape[1];
    return std::abs(static_cast<double>(data.size()) * evaluate(model, data, 32).loss - std::log(static_cast<double>(C))) <= 0.1;
}

}  // namespace exercise
