// part: block_backward
// F has changed the array that S needs too: S is given what F made of dz, and not dz.
#include "chapters/11-resnet/exercise.h"

namespace exercise {

Array block_backward(const Block& b, const Array& x, const Array& dy) {
    Array z = x, s = x;
    b.f.forward(z);
    b.s.forward(s);
    for (std::size_t i = 0; i < z.size(); ++i) z[i] += s[i];
    Array along_f = dy;
    for (std::size_t i = 0; i < z.size(); ++i) along_f[i] = z[i] > 0 ? dy[i] : 0;
    b.f.backward(x, along_f);
    Array dx = along_f;
    b.s.backward(x, along_f);
    for (std::size_t i = 0; i < dx.size(); ++i) dx[i] += along_f[i];
    return dx;
}

}  // namespace exercise
