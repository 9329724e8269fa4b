// part: functions
// tanh(x) is computed as (e^2x - 1) / (e^2x + 1), and e^2x is infinite for x = 800.
#include "chapters/01-scalars/exercise.h"

#include <cmath>

namespace exercise {

Value tanh(const Value& x) {
    const double e = std::exp(2 * x.value());
    Value made((e - 1) / (e + 1));
    made.node->inputs = {x.node};
    return made;
}

}  // namespace exercise
