// part: gradients
// the gradients are right but stand in the order in which backward finds them, the last block first.
#include "chapters/11-resnet/exercise.h"

namespace exercise {

std::vector<Array> gradients(const std::vector<Block>& blocks, const Array& x, const Array& dy) {
    std::vector<Array> inputs{x}, results(blocks.size());
    for (std::size_t i = 0; i + 1 < blocks.size(); ++i) inputs.push_back(block(blocks[i], inputs[i]));
    for (std::size_t i = blocks.size(); i-- > 0;)
        results[i] = block_backward(blocks[i], inputs[i], i + 1 < blocks.size() ? results[i + 1] : dy);
    return {results.rbegin(), results.rend()};
}

}  // namespace exercise
