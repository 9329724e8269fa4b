// Chapter 2: tensors and gradcheck. Complete it from top to bottom; ./cairn grade 2 says which parts are right.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

// ---- add ---------------------------------------------------------------------------------------------------------------

Array add(const Array& x, const Array& y) { not_written_yet(); }

// ---- add_backward ------------------------------------------------------------------------------------------------------

Pair add_backward(const Array& x, const Array& y, const Array& dz) { not_written_yet(); }

// ---- mul ---------------------------------------------------------------------------------------------------------------

Array mul(const Array& x, const Array& y) { not_written_yet(); }

// ---- mul_backward ------------------------------------------------------------------------------------------------------

Pair mul_backward(const Array& x, const Array& y, const Array& dz) { not_written_yet(); }

// ---- sum ---------------------------------------------------------------------------------------------------------------

Array sum(const Array& x, std::size_t axis, bool keepdims) { not_written_yet(); }

// ---- sum_backward ------------------------------------------------------------------------------------------------------

Array sum_backward(const Array& x, std::size_t axis, bool keepdims, const Array& dy) { not_written_yet(); }

// ---- numeric_gradient --------------------------------------------------------------------------------------------------

Array numeric_gradient(const Function& f, Array& x, const Array& dy, double h) { not_written_yet(); }

// ---- relative_error ----------------------------------------------------------------------------------------------------

double relative_error(const Array& a, const Array& b) { not_written_yet(); }

// ---- gradcheck ---------------------------------------------------------------------------------------------------------

bool gradcheck(const Op& op, const Array& x, RandomStream& random) { not_written_yet(); }

}  // namespace exercise
