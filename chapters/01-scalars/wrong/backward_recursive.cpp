// part: backward
// backward goes from a node to its inputs by calling itself: a sum of 100,000 terms is 100,000 calls deep.
#include "chapters/01-scalars/exercise.h"

#include <unordered_map>

namespace exercise {

namespace {

// Pushes when the last user has pushed.
void visit(Node* node, std::unordered_map<Node*, int>& users) {
    if (node->push) node->push(*node);
    for (const auto& input : node->inputs)
        if (--users[input.get()] == 0) visit(input.get(), users);
}

}  // namespace

void backward(const Value& root) {
    std::unordered_map<Node*, int> users;
    for (Node* const node : ordered(root)) {
        node->gradient = 0;
        for (const auto& input : node->inputs) ++users[input.get()];
    }
    root.node->gradient = 1;
    visit(root.node.get(), users);
}

}  // namespace exercise
