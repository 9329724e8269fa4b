// part: backward
// only the leaves' gradients are set to 0; those between still hold what an earlier backward() left.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

void backward(const Value& root) {
    const std::vector<Node*> order = ordered(root);
    for (Node* const node : order)
        if (node->inputs.empty()) node->gradient = 0;
    root.node->gradient = 1;
    for (auto node = order.rbegin(); node != order.rend(); ++node)
        if ((*node)->push) (*node)->push(**node);
}

}  // namespace exercise
