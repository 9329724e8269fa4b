// part: dense_backward
// db is the mean of dz over the rows; it is the sum.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

DenseGradients dense_backward(const Matrix& x, const Matrix& w, const Matrix& dz) {
    const double M = static_cast<double>(x.rows());
    DenseGradients d{Matrix(x.rows(), x.columns()), Matrix(w.rows(), w.columns()), Matrix(1, w.columns())};
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k)
            for (std::size_t j = 0; j < w.columns(); ++j) {
                d.dx(i, k) += dz(i, j) * w(k, j);
                d.dw(k, j) += x(i, k) * dz(i, j);
            }
    for (std::size_t i = 0; i < dz.rows(); ++i)
        for (std::size_t j = 0; j < dz.columns(); ++j) d.db(0, j) += dz(i, j) / M;
    return d;
}

}  // namespace exercise
