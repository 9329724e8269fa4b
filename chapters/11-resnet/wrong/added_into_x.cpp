// part: block
// the sum is formed in x: y is right, and x is gone.
#include "chapters/11-resnet/exercise.h"

#include <algorithm>

namespace exercise {

Array block(const Block& b, Array& x) {
    Array y = x;
    b.f.forward(y);
    b.s.forward(x);
    for (std::size_t i = 0; i < y.size(); ++i) x[i] = std::max(x[i] + y[i], 0.0);
    return x;
}

}  // namespace exercise
