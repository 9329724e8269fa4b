// part: flops
// the bias's additions are counted too. They are below a percent, and summary leaves them out.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

// How many terms each output number is a sum of.
std::size_t terms(const Sizes& input, const Layer& layer) {
    return layer.kind == Kind::conv2d ? layer.h * layer.w * input[2] : input[0];
}

bool has_weights(const Layer& layer) { return layer.kind == Kind::conv2d || layer.kind == Kind::dense; }

}  // namespace

std::size_t flops(const Sizes& input, const Layer& layer) {
    if (!has_weights(layer)) return 0;
    const std::size_t outputs = cairn::course::count_of(output_shape(input, layer));
    return 2 * terms(input, layer) * outputs + (layer.bias ? outputs : 0);
}

}  // namespace exercise
