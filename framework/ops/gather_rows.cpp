// gather_rows: rows by their numbers.
//   x (R, ...), rows int32 (K) -> y (K, ...):   y[k] = x[rows[k]]      dx[r] = sum of dy[k] over the k with rows[k] = r
// A row that is named twice gets both gradients, always in the same order.
#include "cairn/ops/checks.h"
#include "cairn/ops/moves.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::gather_rows(const Tensor& x, const Tensor& rows) {
    check_operands("gather_rows", {x});
    check_elements("gather_rows", {x});
    detail::check_movable("gather_rows", x);
    check(x.rank() >= 1, "gather_rows: a scalar has no rows");
    check(rows.defined() && rows.dtype() == DType::int32 && rows.rank() == 1 && rows.size() > 0,
          "gather_rows: the numbers of the rows must be int32 (K,), at least one");
    check(rows.device() == x.device(),
          "gather_rows: input on {} and rows on {} must be on one device; move one with "
          "to_device",
          x.device(), rows.device());
    if (rows.device().kind != Device::Kind::vulkan)
        for (std::int64_t k = 0; k < rows.size(); ++k) {
            const std::int32_t row = rows.data<std::int32_t>()[k];
            check(row >= 0 && row < x.dim(0),
                  "gather_rows: row {} at index {} is not in the input {}, which has rows 0 "
                  "to {}",
                  row, k, x.shape(), x.dim(0) - 1);
        }

    const Tensor y = empty_like(x, x.shape().with(0, rows.size()));
    backend(x).gather_rows(x, rows, y);
    return autograd::differentiable("gather_rows", {x}, y, [rows](const Tensor& dy, autograd::Gradients& dx) {
        backend(dy).gather_rows_backward(dy, rows, dx.slot(0));
    });
}

}  // namespace cairn
