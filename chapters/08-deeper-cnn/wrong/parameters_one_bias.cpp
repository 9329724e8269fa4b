// part: parameters
// one bias is counted for the whole layer, instead of one for each unit.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

// How many terms each output number is a sum of.
std::size_t terms(const Sizes& input, const Layer& layer) {
    return layer.kind == Kind::conv2d ? layer.h * layer.w * input[2] : input[0];
}

bool has_weights(const Layer& layer) { return layer.kind == Kind::conv2d || layer.kind == Kind::dense; }

}  // namespace

std::size_t parameters(const Sizes& input, const Layer& layer) {
    if (!has_weights(layer)) return 0;
    return terms(input, layer) * layer.units + (layer.bias ? 1 : 0);
}

}  // namespace exercise
