// part: backward
// the gradients of an earlier backward() are still there, and the new ones are added to them.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

void backward(const Value& root) {
    const std::vector<Node*> order = ordered(root);
    root.node->gradient = 1;
    for (auto node = order.rbegin(); node != order.rend(); ++node)
        if ((*node)->push) (*node)->push(**node);
}

}  // namespace exercise
