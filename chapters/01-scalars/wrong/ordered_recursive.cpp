// part: ordered
// the nodes are visited by a function that calls itself, once per node on the way: a chain of 100,000 is
// 100,000 calls deep. Keep the nodes that you have begun in a vector, and loop.
#include "chapters/01-scalars/exercise.h"

#include <set>

namespace exercise {

namespace {

void visit(Node* node, std::set<Node*>& seen, std::vector<Node*>& order) {
    if (!seen.insert(node).second) return;
    for (const auto& input : node->inputs) visit(input.get(), seen, order);
    order.push_back(node);
}

}  // namespace

std::vector<Node*> ordered(const Value& root) {
    std::set<Node*> seen;
    std::vector<Node*> order;
    visit(root.node.get(), seen, order);
    return order;
}

}  // namespace exercise
