// part: ordered
// the order is that in which the nodes are met from the root on: users before their inputs.
#include "chapters/01-scalars/exercise.h"

#include <unordered_set>

namespace exercise {

std::vector<Node*> ordered(const Value& root) {
    std::vector<Node*> order{root.node.get()};
    std::unordered_set<Node*> seen{root.node.get()};
    for (std::size_t i = 0; i < order.size(); ++i)
        for (const auto& input : order[i]->inputs)
            if (seen.insert(input.get()).second) order.push_back(input.get());
    return order;
}

}  // namespace exercise
