// part: block
// y is right, but S worked on x itself, and backward finds S(x) in its place.
#include "chapters/11-resnet/exercise.h"

#include <algorithm>

namespace exercise {

Array block(const Block& b, Array& x) {
    Array y = x;
    b.f.forward(y);
    b.s.forward(x);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::max(y[i] + x[i], 0.0);
    return y;
}

}  // namespace exercise
