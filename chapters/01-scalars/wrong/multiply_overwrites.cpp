// part: backward
// * sets the gradients of its inputs (= where += belongs): of x * x only one half is left.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

namespace {

Value make(const char* name, double value, std::vector<std::shared_ptr<Node>> inputs,
           std::function<void(const Node&)> push) {
    Value made(value);
    made.node->name = name;
    made.node->inputs = std::move(inputs);
    made.node->push = std::move(push);
    return made;
}

}  // namespace

Value operator*(const Value& a, const Value& b) {
    return make("*", a.value() * b.value(), {a.node, b.node}, [](const Node& self) {
        Node &left = *self.inputs[0], &right = *self.inputs[1];
        left.gradient = self.gradient * right.value;
        right.gradient = self.gradient * left.value;
    });
}

}  // namespace exercise
