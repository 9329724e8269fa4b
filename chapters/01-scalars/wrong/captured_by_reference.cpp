// part: backward
// `push` has captured its operands by reference ([&]): it is called long after they have gone.
// Use self.inputs.
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

Value operator+(const Value& a, const Value& b) {
    return make("+", a.value() + b.value(), {a.node, b.node}, [&](const Node& self) {
        a.node->gradient += self.gradient;
        b.node->gradient += self.gradient;
    });
}
Value operator*(const Value& a, const Value& b) {
    return make("*", a.value() * b.value(), {a.node, b.node}, [&](const Node& self) {
        a.node->gradient += self.gradient * b.value();
        b.node->gradient += self.gradient * a.value();
    });
}

}  // namespace exercise
