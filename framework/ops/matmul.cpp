// matmul: c = op(a) op(b), where op transposes if its flag is set
//   op(a) (M, K), op(b) (K, N) -> c (M, N)
// The gradient of op(a) is dc op(b)^T and that of op(b) is op(a)^T dc; a transposed operand gets the transpose of that:
//   da = dc op(b)^T, or op(b) dc^T if a was transposed
//   db = op(a)^T dc, or dc^T op(a) if b was transposed
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
    check_operands("matmul", {a, b});
    check_elements("matmul", {a, b});
    check(a.rank() == 2 && b.rank() == 2, "matmul: inputs {} and {} must be matrices; reshape them", a.shape(),
          b.shape());
    const std::int64_t m = a.dim(transpose_a ? 1 : 0), k = a.dim(transpose_a ? 0 : 1);
    const std::int64_t n = b.dim(transpose_b ? 0 : 1), k_of_b = b.dim(transpose_b ? 1 : 0);
    check(k == k_of_b, "matmul: {}{} has {} columns but {}{} has {} rows", a.shape(), transpose_a ? " transposed" : "",
          k, b.shape(), transpose_b ? " transposed" : "", k_of_b);

    const Tensor c = empty_like(a, {m, n});
    backend(a).matmul(a, transpose_a, b, transpose_b, c);

    return autograd::differentiable("matmul", {a, b}, c, [=](const Tensor& dc, autograd::Gradients& dx) {
        bool accumulate = false;
        if (const Tensor da = dx.slot(0, accumulate); da.defined()) {
            if (transpose_a) backend(a).matmul(b, transpose_b, dc, true, da, accumulate);
            else backend(a).matmul(dc, false, b, !transpose_b, da, accumulate);
        }
        if (const Tensor db = dx.slot(1, accumulate); db.defined()) {
            if (transpose_b) backend(a).matmul(dc, true, a, transpose_a, db, accumulate);
            else backend(a).matmul(a, !transpose_a, dc, false, db, accumulate);
        }
    });
}

}  // namespace cairn
