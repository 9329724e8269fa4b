// Chapter 3: one right answer.
#include "chapters/03-matrix-product/exercise.h"

#include <algorithm>

namespace exercise {

Matrix multiply(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < w.columns(); ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < x.columns(); ++k) sum += x(i, k) * w(k, j);
            y(i, j) = sum;
        }
    return y;
}

Matrix multiply_ikj(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k) {
            const double factor = x(i, k);
            for (std::size_t j = 0; j < w.columns(); ++j) y(i, j) += factor * w(k, j);
        }
    return y;
}

Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t block) {
    const std::size_t M = x.rows(), K = x.columns(), O = w.columns();
    Matrix y(M, O);
    for (std::size_t k0 = 0; k0 < K; k0 += block)
        for (std::size_t j0 = 0; j0 < O; j0 += block)
            for (std::size_t i0 = 0; i0 < M; i0 += block) {
                const std::size_t k1 = std::min(k0 + block, K), j1 = std::min(j0 + block, O), i1 = std::min(i0 + block, M);
                for (std::size_t i = i0; i < i1; ++i)
                    for (std::size_t k = k0; k < k1; ++k) {
                        const double factor = x(i, k);
                        for (std::size_t j = j0; j < j1; ++j) y(i, j) += factor * w(k, j);
                    }
            }
    return y;
}

Matrix dense(const Matrix& x, const Matrix& w, const Matrix& b) {
    Matrix z = multiply_ikj(x, w);
    for (std::size_t i = 0; i < z.rows(); ++i)
        for (std::size_t j = 0; j < z.columns(); ++j) z(i, j) += b(0, j);
    return z;
}

DenseGradients dense_backward(const Matrix& x, const Matrix& w, const Matrix& dz) {
    DenseGradients d{Matrix(x.rows(), x.columns()), Matrix(w.rows(), w.columns()), Matrix(1, w.columns())};
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k)
            for (std::size_t j = 0; j < w.columns(); ++j) {
                d.dx(i, k) += dz(i, j) * w(k, j);
                d.dw(k, j) += x(i, k) * dz(i, j);
            }
    for (std::size_t i = 0; i < dz.rows(); ++i)
        for (std::size_t j = 0; j < dz.columns(); ++j) d.db(0, j) += dz(i, j);
    return d;
}

}  // namespace exercise
