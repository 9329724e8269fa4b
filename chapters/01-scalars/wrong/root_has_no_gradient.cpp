// part: backward
// nobody has set the gradient of the root to 1: dL/dL is 1, and all others are multiples of it.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

void backward(const Value& root) {
    const std::vector<Node*> order = ordered(root);
    for (Node* const node : order) node->gradient = 0;
    for (auto node = order.rbegin(); node != order.rend(); ++node)
        if ((*node)->push) (*node)->push(**node);
}

}  // namespace exercise
