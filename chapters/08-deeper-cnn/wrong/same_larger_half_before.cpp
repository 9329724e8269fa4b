// part: same_padding
// the larger half of an odd padding stands before the image. Keras, and cairn, put the smaller half there; PyTorch's models are often converted with this mistake.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

Padding same_padding(std::size_t n, std::size_t k, std::size_t s) {
    const std::size_t output = (n + s - 1) / s;
    const std::size_t reach = (output - 1) * s + k;
    const std::size_t lacking = reach > n ? reach - n : 0;
    return {output, lacking - lacking / 2, lacking / 2};
}

}  // namespace exercise
