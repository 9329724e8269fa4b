// Chapter 3: the matrix product. Complete it from top to bottom; ./cairn grade 3 says which parts are right.
#include "chapters/03-matrix-product/exercise.h"

#include <algorithm>

namespace exercise {

// ---- multiply ----------------------------------------------------------------------------------------------------------

Matrix multiply(const Matrix& x, const Matrix& w) { not_written_yet(); }

// ---- multiply_ikj ------------------------------------------------------------------------------------------------------

Matrix multiply_ikj(const Matrix& x, const Matrix& w) { not_written_yet(); }

// ---- multiply_blocked --------------------------------------------------------------------------------------------------

Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t block) { not_written_yet(); }

// ---- dense -------------------------------------------------------------------------------------------------------------

Matrix dense(const Matrix& x, const Matrix& w, const Matrix& b) { not_written_yet(); }

// ---- dense_backward ----------------------------------------------------------------------------------------------------

DenseGradients dense_backward(const Matrix& x, const Matrix& w, const Matrix& dz) { not_written_yet(); }

}  // namespace exercise
