// part: add_multiply
// the inputs are new nodes with the same values: gradients will arrive at the copies, and never at a and b.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

namespace {

Value make(double value, const Value& a, const Value& b) {
    Value made(value);
    made.node->inputs = {Value(a.value()).node, Value(b.value()).node};
    return made;
}

}  // namespace

Value operator+(const Value& a, const Value& b) { return make(a.value() + b.value(), a, b); }
Value operator*(const Value& a, const Value& b) { return make(a.value() * b.value(), a, b); }

}  // namespace exercise
