// Chapter 3: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace exercise {

using cairn::course::not_written_yet;

// Numbers in rows and columns, row after row. x(i, k) is the element in row i and column k, both from 0.
// While you are graded an index beyond the end throws, and the grader watches the order of the accesses. While you are timed
// (`cairn chapter 3`), x(i, k) is numbers[i * columns + k] and nothing else.
class Matrix {
public:
    Matrix(std::size_t rows, std::size_t columns, double value = 0)
        : rows_(rows), columns_(columns), numbers_(rows * columns, value) {}
    Matrix(std::size_t rows, std::size_t columns, std::vector<double> numbers)
        : rows_(rows), columns_(columns), numbers_(std::move(numbers)) {}

    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }
    double& operator()(std::size_t i, std::size_t j) { return numbers_[place(i, j)]; }
    double operator()(std::size_t i, std::size_t j) const { return numbers_[place(i, j)]; }

    // For the grader.
    const std::vector<double>& numbers() const { return numbers_; }
    using Watch = void (*)(const double* element);
    static inline Watch watch = nullptr;  // is told of every access

private:
    std::size_t place(std::size_t i, std::size_t j) const {
#ifndef CAIRN_COURSE_FAST
        if (i >= rows_ || j >= columns_)
            throw std::out_of_range("element (" + std::to_string(i) + ", " + std::to_string(j) + ") of a matrix (" +
                                    std::to_string(rows_) + ", " + std::to_string(columns_) + ")");
        if (watch != nullptr) watch(&numbers_[i * columns_ + j]);
#endif
        return i * columns_ + j;
    }

    std::size_t rows_, columns_;
    std::vector<double> numbers_;
};

// y = x w: y(i, j) = sum over k of x(i, k) w(k, j), for x (M, K), w (K, O), y (M, O). In any order.
Matrix multiply(const Matrix& x, const Matrix& w);

// The same, in an order of loops in which the innermost one goes along a row of w and a row of y.
Matrix multiply_ikj(const Matrix& x, const Matrix& w);

// The same, block by block: block rows of x and y, block terms of the sum, block columns of w and y at a time. The sizes need not
// be multiples of `block`, and may be smaller.
Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t block);

// A dense layer: z = x w + b, with b (1, O) added to every row.
Matrix dense(const Matrix& x, const Matrix& w, const Matrix& b);

struct DenseGradients {
    Matrix dx, dw, db;
};

// Its gradients for a given dz (M, O): each has the shape of what it belongs to.
DenseGradients dense_backward(const Matrix& x, const Matrix& w, const Matrix& dz);

}  // namespace exercise
