// part: dense
// b is not added.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix dense(const Matrix& x, const Matrix& w, const Matrix&) { return multiply(x, w); }

}  // namespace exercise
