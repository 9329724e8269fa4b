// part: backward
// each node clears its inputs before it pushes: what another user had already sent there is lost.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

void backward(const Value& root) {
    const std::vector<Node*> order = ordered(root);
    root.node->gradient = 1;
    for (auto node = order.rbegin(); node != order.rend(); ++node)
        if ((*node)->push) {
            for (const auto& input : (*node)->inputs) input->gradient = 0;
            (*node)->push(**node);
        }
}

}  // namespace exercise
