// one_hot: y[b,c] = 1 where c is the label of row b, else 0
//   labels int32 (B) -> y (B, C), computed as max(0, 1 - |label - c|), which is exact: all numbers are small and whole.
// Without gradient. A label that is no class gets a row of zeros.
#include "cairn/backend/devices.h"
#include "cairn/ops/ops.h"

#include <numeric>

namespace cairn {

Tensor ops::one_hot(const Tensor& labels, std::int64_t classes, DType dtype) {
    check(labels.defined() && labels.dtype() == DType::int32 && labels.rank() == 1,
          "one_hot: the labels must be int32 (batch,), not {} {}", labels.defined() ? name_of(labels.dtype()) : "an",
          labels.defined() ? labels.shape().str() : "undefined Tensor");
    check(classes >= 1, "one_hot: there must be at least one class, not {}", classes);
    check(dtype == DType::float32 || dtype == DType::float64, "one_hot: the result must be float32 or float64, not {}",
          name_of(dtype));
    const Device device = labels.device();
    const Tensor rows = empty({labels.size(), 1}, dtype, device);
    backend(labels).convert(labels, 1, rows);
    std::vector<std::int32_t> numbers(static_cast<std::size_t>(classes));
    std::iota(numbers.begin(), numbers.end(), 0);
    const Tensor columns = to_dtype(from_values({classes}, numbers, device), dtype);
    return relu(affine(abs(sub(rows, columns)), -1, 1));
}

}  // namespace cairn
