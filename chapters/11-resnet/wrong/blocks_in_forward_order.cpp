// part: gradients
// the blocks are walked from the first to the last, so that dy enters at the wrong end.
#include "chapters/11-resnet/exercise.h"

namespace exercise {

std::vector<Array> gradients(const std::vector<Block>& blocks, const Array& x, const Array& dy) {
    std::vector<Array> results;
    Array input = x, gradient = dy;
    for (const Block& b : blocks) {
        const Array y = block(b, input);
        Array cotangent(y.shape);
        for (std::size_t i = 0; i < y.size(); ++i) cotangent[i] = gradient[i % gradient.size()];
        gradient = block_backward(b, input, cotangent);
        results.push_back(gradient);
        input = y;
    }
    return results;
}

}  // namespace exercise
