// part: block
// the ReLU behind the addition is missing.
#include "chapters/11-resnet/exercise.h"

namespace exercise {

Array block(const Block& b, Array& x) {
    Array y = x, s = x;
    b.f.forward(y);
    b.s.forward(s);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += s[i];
    return y;
}

}  // namespace exercise
