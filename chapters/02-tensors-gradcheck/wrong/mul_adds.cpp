// part: mul
// the elements are added, as in the part before.
#include "chapters/02-tensors-gradcheck/exercise.h"

#include <algorithm>

namespace exercise {

namespace {

// The shape of x op y: the last axes stand below each other, and 1 stretches.
Sizes broadcast(const Sizes& a, const Sizes& b) {
    Sizes shape(std::max(a.size(), b.size()));
    for (std::size_t back = 1; back <= shape.size(); ++back) {
        const std::size_t m = back <= a.size() ? a[a.size() - back] : 1, n = back <= b.size() ? b[b.size() - back] : 1;
        shape[shape.size() - back] = m == 1 ? n : m;
    }
    return shape;
}

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

Array mul(const Array& x, const Array& y) {
    Array z(broadcast(x.shape, y.shape));
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = x[source(i, z.shape, x.shape)] + y[source(i, z.shape, y.shape)];
    return z;
}

}  // namespace exercise
