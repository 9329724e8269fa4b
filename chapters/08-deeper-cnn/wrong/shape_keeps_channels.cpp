// part: output_shape
// the output of a convolution has the channels of its input. It has as many as there are filters.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

std::size_t windows_along(std::size_t n, std::size_t k, std::size_t s, bool same) {
    return same ? same_padding(n, k, s).output : (n - k) / s + 1;
}

}  // namespace

Sizes output_shape(const Sizes& input, const Layer& layer) {
    switch (layer.kind) {
        case Kind::flatten: return {cairn::course::count_of(input)};
        case Kind::dense: return {layer.units};
        default:
            return {windows_along(input[0], layer.h, layer.stride_h, layer.same),
                    windows_along(input[1], layer.w, layer.stride_w, layer.same),
                    input[2]};
    }
}

}  // namespace exercise
