// part: block
// each of the two branches has its ReLU before they are added: y = ReLU(F(x)) + ReLU(S(x)).
#include "chapters/11-resnet/exercise.h"

#include <algorithm>

namespace exercise {

Array block(const Block& b, Array& x) {
    Array y = x, s = x;
    b.f.forward(y);
    b.s.forward(s);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::max(y[i], 0.0) + std::max(s[i], 0.0);
    return y;
}

}  // namespace exercise
