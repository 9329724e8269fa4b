// How to read this folder: each file holds the kernels of its name, the formula above, the loops below. Every sum is
// taken in double, also for float32 tensors, and rounded once when it is stored; so the float32 results are the best
// there are, and the float64 results differ from a fast kernel's only by the order of the sums.
#include "cairn/backend/reference/reference_backend.h"

#include "cairn/backend/devices.h"

namespace cairn {

std::unique_ptr<Backend> detail::make_reference_backend() { return std::make_unique<ReferenceBackend>(); }

}  // namespace cairn
