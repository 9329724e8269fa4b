// part: same_padding
// the output is as large as the image, whatever the stride.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

Padding same_padding(std::size_t n, std::size_t k, std::size_t s) {
    const std::size_t output = n;
    const std::size_t reach = (output - 1) * s + k;
    const std::size_t lacking = reach > n ? reach - n : 0;
    return {output, lacking / 2, lacking - lacking / 2};
}

}  // namespace exercise
