// part: add_backward
// dz is handed on in its own shape: the axes along which x or y was stretched are not summed.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

Pair add_backward(const Array&, const Array&, const Array& dz) { return {dz, dz}; }

}  // namespace exercise
