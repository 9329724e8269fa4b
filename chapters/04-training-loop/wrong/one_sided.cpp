// part: starts_right
// only a loss that is too large is refused; one that is too small is suspicious as well.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

bool starts_right(Model& model, const Data& data) {
    const std::size_t C = model.forward(data.part(0, 1).images, false).shape[1];
    return evaluate(model, data, 32).loss - std::log(static_cast<double>(C)) <= 0.1;
}

}  // namespace exercise
