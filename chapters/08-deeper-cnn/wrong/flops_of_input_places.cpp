// part: flops
// the filters are counted at each pixel of the input instead of at each place of the output: right for 'same' and stride 1 only.
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
    const std::size_t places = layer.kind == Kind::conv2d ? input[0] * input[1] : 1;
    return 2 * terms(input, layer) * places * layer.units;
}

}  // namespace exercise
