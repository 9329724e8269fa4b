// part: ordered
// the nodes are sorted by their shortest way to the root, the farthest first (breadth first, reversed).
// A node with a short way and a long one comes too late for the long one.
#include "chapters/01-scalars/exercise.h"

#include <algorithm>
#include <unordered_set>

namespace exercise {

std::vector<Node*> ordered(const Value& root) {
    std::vector<Node*> order{root.node.get()};
    std::unordered_set<Node*> seen{root.node.get()};
    for (std::size_t i = 0; i < order.size(); ++i)
        for (const auto& input : order[i]->inputs)
            if (seen.insert(input.get()).second) order.push_back(input.get());
    std::reverse(order.begin(), order.end());
    return order;
}

}  // namespace exercise
