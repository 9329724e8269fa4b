// part: block
// nothing is added: y = ReLU(F(x)), a plain chain.
#include "chapters/11-resnet/exercise.h"

#include <algorithm>

namespace exercise {

Array block(const Block& b, Array& x) {
    Array y = x;
    b.f.forward(y);
    for (double& value : y.values) value = std::max(value, 0.0);
    return y;
}

}  // namespace exercise
