// part: same_padding
// the padding falls below 0 where the windows leave out pixels (k < s), and an unsigned number below 0 is a very large one.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

Padding same_padding(std::size_t n, std::size_t k, std::size_t s) {
    const std::size_t output = (n + s - 1) / s;
    const std::size_t reach = (output - 1) * s + k;
    const std::size_t lacking = reach - n;
    return {output, lacking / 2, lacking - lacking / 2};
}

}  // namespace exercise
