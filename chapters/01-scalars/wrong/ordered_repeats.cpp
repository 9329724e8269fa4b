// part: ordered
// a node that is used twice is listed twice: nothing remembers which nodes have been visited.
// Of 60 doublings that would be 2^60.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

std::vector<Node*> ordered(const Value& root) {
    std::vector<std::pair<Node*, std::size_t>> path{{root.node.get(), 0}};
    std::vector<Node*> order;
    while (!path.empty()) {
        auto& [node, next] = path.back();
        if (next < node->inputs.size()) {
            path.emplace_back(node->inputs[next++].get(), 0);
        } else {
            order.push_back(node);
            path.pop_back();
        }
    }
    return order;
}

}  // namespace exercise
