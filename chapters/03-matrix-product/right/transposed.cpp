// Another right answer: outer products, a recursion that halves the longest side, and gradients by transposed copies.
#include "chapters/03-matrix-product/exercise.h"

#include <algorithm>
#include <utility>

namespace exercise {

namespace {

struct Span {
    std::size_t from, to;
    std::size_t size() const { return to - from; }
    std::pair<Span, Span> halves() const {
        const std::size_t middle = from + size() / 2;
        return {{from, middle}, {middle, to}};
    }
};

void add_product(const Matrix& x, const Matrix& w, Matrix& y, Span rows, Span terms, Span columns, std::size_t small) {
    if (const std::size_t longest = std::max({rows.size(), terms.size(), columns.size()}); longest > small) {
        if (rows.size() == longest) {
            const auto [a, b] = rows.halves();
            add_product(x, w, y, a, terms, columns, small);
            add_product(x, w, y, b, terms, columns, small);
        } else if (terms.size() == longest) {
            const auto [a, b] = terms.halves();
            add_product(x, w, y, rows, a, columns, small);
            add_product(x, w, y, rows, b, columns, small);
        } else {
            const auto [a, b] = columns.halves();
            add_product(x, w, y, rows, terms, a, small);
            add_product(x, w, y, rows, terms, b, small);
        }
        return;
    }
    for (std::size_t k = terms.from; k < terms.to; ++k)
        for (std::size_t i = rows.from; i < rows.to; ++i)
            for (std::size_t j = columns.from; j < columns.to; ++j) y(i, j) = y(i, j) + w(k, j) * x(i, k);
}

Matrix transposed(const Matrix& x) {
    Matrix t(x.columns(), x.rows());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k) t(k, i) = x(i, k);
    return t;
}

}  // namespace

Matrix multiply(const Matrix& x, const Matrix& w) {
    const Matrix columns = transposed(w);
    Matrix y(x.rows(), columns.rows());
    for (std::size_t j = 0; j < columns.rows(); ++j)
        for (std::size_t i = 0; i < x.rows(); ++i)
            for (std::size_t k = x.columns(); k-- > 0;) y(i, j) += columns(j, k) * x(i, k);
    return y;
}

Matrix multiply_ikj(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    add_product(x, w, y, {0, x.rows()}, {0, x.columns()}, {0, w.columns()}, static_cast<std::size_t>(-1));
    return y;
}

Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t block) {
    Matrix y(x.rows(), w.columns());
    add_product(x, w, y, {0, x.rows()}, {0, x.columns()}, {0, w.columns()}, block);
    return y;
}

Matrix dense(const Matrix& x, const Matrix& w, const Matrix& b) {
    Matrix z(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < w.columns(); ++j) {
            z(i, j) = b(0, j);
            for (std::size_t k = 0; k < w.rows(); ++k) z(i, j) += w(k, j) * x(i, k);
        }
    return z;
}

DenseGradients dense_backward(const Matrix& x, const Matrix& w, const Matrix& dz) {
    return {multiply(dz, transposed(w)), multiply(transposed(x), dz), multiply(Matrix(1, dz.rows(), 1.0), dz)};
}

}  // namespace exercise
