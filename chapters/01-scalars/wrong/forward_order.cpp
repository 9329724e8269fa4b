// part: backward
// push() is called from the leaves to the root: it hands on gradients that have not arrived yet.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

void backward(const Value& root) {
    const std::vector<Node*> order = ordered(root);
    for (Node* const node : order) node->gradient = 0;
    root.node->gradient = 1;
    for (Node* const node : order)
        if (node->push) node->push(*node);
}

}  // namespace exercise
