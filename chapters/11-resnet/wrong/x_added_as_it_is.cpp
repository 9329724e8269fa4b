// part: block
// x itself is added where the block has a projection S(x).
#include "chapters/11-resnet/exercise.h"

#include <algorithm>

namespace exercise {

Array block(const Block& b, Array& x) {
    Array y = x;
    b.f.forward(y);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::max(y[i] + x[i % x.size()], 0.0);
    return y;
}

}  // namespace exercise
