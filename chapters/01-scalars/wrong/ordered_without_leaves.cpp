// part: ordered
// the leaves are left out; they have gradients too, and those are the ones you want.
#include "chapters/01-scalars/exercise.h"

#include <unordered_set>

namespace exercise {

std::vector<Node*> ordered(const Value& root) {
    std::vector<std::pair<Node*, std::size_t>> path{{root.node.get(), 0}};
    std::unordered_set<Node*> seen{root.node.get()};
    std::vector<Node*> order;
    while (!path.empty()) {
        auto& [node, next] = path.back();
        if (next < node->inputs.size()) {
            Node* const input = node->inputs[next++].get();
            if (seen.insert(input).second) path.emplace_back(input, 0);
        } else {
            if (!node->inputs.empty()) order.push_back(node);
            path.pop_back();
        }
    }
    return order;
}

}  // namespace exercise
