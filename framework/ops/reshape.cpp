// reshape: the same elements, in the same order, under another shape; x and y share their memory.
//   dx = dy under x's shape
#include "cairn/autograd/graph.h"
#include "cairn/core/error.h"
#include "cairn/ops/ops.h"

#include <algorithm>

namespace cairn {

namespace {

// `shape` with its -1 replaced by the size that makes it fit.
Shape resolved(const Shape& x, const std::vector<std::int64_t>& shape) {
    const std::string wanted = fmt::format("({})", fmt::join(shape, ", "));
    check(std::count(shape.begin(), shape.end(), -1) <= 1, "reshape: at most one size of {} may be -1", wanted);
    std::int64_t known = 1;
    for (const std::int64_t dim : shape) {
        check(dim >= -1, "reshape: the size {} in {} is negative; only -1 is allowed, for a size to be found", dim,
              wanted);
        if (dim != -1) known *= dim;
    }
    Shape result;
    for (const std::int64_t dim : shape) {
        check(dim != -1 || (known > 0 && x.size() % known == 0),
              "reshape: the {} elements of {} cannot be split into {}: {} does not divide them", x.size(), x, wanted,
              known);
        result = result.append(dim == -1 ? x.size() / known : dim);
    }
    check(result.size() == x.size(), "reshape: input {} has {} elements but {} has {}", x, x.size(), result,
          result.size());
    return result;
}

}  // namespace

Tensor ops::reshape(const Tensor& x, const std::vector<std::int64_t>& shape) {
    check(x.defined(), "reshape: the input is an undefined Tensor");
    const Tensor y = x.view(resolved(x.shape(), shape));
    return autograd::differentiable("reshape", {x}, y, [from = x.shape()](const Tensor& dy, autograd::Gradients& dx) {
        dx.give(0, dy.view(from));
    });
}

Tensor ops::flatten(const Tensor& x) {
    check(x.rank() > 0, "flatten: input {} has no batch axis to keep", x.shape());
    return reshape(x, {x.dim(0), x.shape().drop_first().size()});
}

}  // namespace cairn
