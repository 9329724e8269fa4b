// part: starts_right
// only a loss that is too small is refused.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

bool starts_right(Model& model, const Data& data) {
    const std::size_t C = model.forward(data.part(0, 1).images, false).shape[1];
    return std::log(static_cast<double>(C)) - evaluate(model, data, 32).loss <= 0.1;
}

}  // namespace exercise
