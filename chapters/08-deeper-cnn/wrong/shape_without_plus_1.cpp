// part: output_shape
// without padding there is one window too few: (n − k) / s, and the + 1 is missing.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

std::size_t windows_along(std::size_t n, std::size_t k, std::size_t s, bool same) {
    return same ? same_padding(n, k, s).output : (n - k) / s;
}

}  // namespace

Sizes output_shape(const Sizes& input, const Layer& layer) {
    switch (layer.kind) {
        case Kind::flatten: return {cairn::course::count_of(input)};
        case Kind::dense: return {layer.units};
        default:
            return {windows_along(input[0], layer.h, layer.stride_h, layer.same),
                    windows_along(input[1], layer.w, layer.stride_w, layer.same),
                    layer.kind == Kind::conv2d ? layer.units : input[2]};
    }
}

}  // namespace exercise
