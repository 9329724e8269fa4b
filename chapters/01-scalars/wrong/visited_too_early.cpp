// part: backward
// a node is visited as soon as the first gradient arrives: it hands on what it has so far, and what the
// other users send later stays there.
#include "chapters/01-scalars/exercise.h"

#include <unordered_set>

namespace exercise {

void backward(const Value& root) {
    std::vector<Node*> order = ordered(root);
    for (Node* const node : order) node->gradient = 0;
    root.node->gradient = 1;
    order.assign({root.node.get()});
    std::unordered_set<Node*> seen{root.node.get()};
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i]->push) order[i]->push(*order[i]);
        for (const auto& input : order[i]->inputs)
            if (seen.insert(input.get()).second) order.push_back(input.get());
    }
}

}  // namespace exercise
