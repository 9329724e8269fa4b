// part: starts_right
// the bound is far wider than 0.1.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

bool starts_right(Model& model, const Data& data) {
    const std::size_t C = model.forward(data.part(0, 1).images, false).shape[1];
    return std::abs(evaluate(model, data, 32).loss - std::log(static_cast<double>(C))) <= 2.0;
}

}  // namespace exercise
