// The pieces of rms_norm, put together; and right implementations that a test must not refuse.
#include "chapters/14-capstone/grade_mutants.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <cmath>

namespace cairn::course {

using exercise::Gradients;
using exercise::Implementation;

namespace {

std::size_t rows_of(const Array& x, const Array& gain) { return gain.size() == 0 ? 0 : x.size() / gain.size(); }

Array forward(const Pieces& p, const Array& x, const Array& gain, double epsilon) {
    check_arguments(x, gain, epsilon);
    const std::size_t columns = gain.size();
    Array y(x.shape);
    for (std::size_t row = 0; row < rows_of(x, gain); ++row) {
        const double root = p.root(x, row, columns, epsilon);
        for (std::size_t c = 0; c < columns; ++c)
            y[row * columns + c] = p.y(x[row * columns + c], gain[p.gain_of(row, c, columns)], root);
    }
    return y;
}

Gradients backward(const Pieces& p, const Array& x, const Array& gain, double epsilon, const Array& dy) {
    check_arguments(x, gain, epsilon);
    check_cotangent(x, dy);
    const std::size_t columns = gain.size();
    Gradients d{Array(x.shape), Array(gain.shape)};
    for (std::size_t row = 0; row < rows_of(x, gain); ++row) {
        const double root = p.root(x, row, columns, epsilon);
        const std::size_t begin = row * columns;
        double dot = 0;
        for (std::size_t c = 0; c < columns; ++c)
            dot += p.dot_term(gain[p.gain_of(row, c, columns)], dy[begin + c], x[begin + c], root);
        for (std::size_t c = 0; c < columns; ++c) {
            const double g = gain[p.gain_of(row, c, columns)];
            d.dx[begin + c] = p.direct(g, dy[begin + c], root) - p.correction(x[begin + c], dot, columns, root);
            d.dgain[c] += p.dgain_term(dy[begin + c], x[begin + c], g, root);
        }
    }
    return d;
}

void round_to_float(Array& array) {
    for (double& value : array.values) value = static_cast<double>(static_cast<float>(value));
}

// Each number is kept in float32, as a kernel does, and each row's sum is taken in four parts.
Implementation in_float() {
    Pieces p = right_pieces();
    p.root = [](const Array& x, std::size_t row, std::size_t columns, double epsilon) {
        float parts[4] = {};
        for (std::size_t c = 0; c < columns; ++c) {
            const auto value = static_cast<float>(x[row * columns + c]);
            parts[c % 4] += value * value;
        }
        const float sum = (parts[0] + parts[1]) + (parts[2] + parts[3]);
        return static_cast<double>(std::sqrt(sum / static_cast<float>(columns) + static_cast<float>(epsilon)));
    };
    const Implementation op = made_of(p);
    return {[op](const Array& x, const Array& gain, double epsilon) {
                Array y = op.forward(x, gain, epsilon);
                round_to_float(y);
                return y;
            },
            [op](const Array& x, const Array& gain, double epsilon, const Array& dy) {
                Gradients d = op.backward(x, gain, epsilon, dy);
                round_to_float(d.dx);
                round_to_float(d.dgain);
                return d;
            }};
}

// By the normed row n = x / root: dx = (gain dy - n mean(gain dy n)) / root.
Implementation by_the_normed_row() {
    Pieces p = right_pieces();
    p.dot_term = [](double gain, double dy, double x, double root) { return gain * dy * (x / root); };
    p.correction = [](double x, double dot, std::size_t columns, double root) {
        return x / root * (dot / static_cast<double>(columns)) / root;
    };
    return made_of(p);
}

// The sum of squares from the last element to the first.
Implementation from_the_end() {
    Pieces p = right_pieces();
    p.root = [](const Array& x, std::size_t row, std::size_t columns, double epsilon) {
        double squares = 0;
        for (std::size_t c = columns; c-- > 0;) squares += std::pow(x[row * columns + c], 2) / static_cast<double>(columns);
        return std::sqrt(squares + epsilon);
    };
    return made_of(p);
}

}  // namespace

void check_arguments(const Array& x, const Array& gain, double epsilon) {
    check(!x.shape.empty(), "rms_norm: x () has no axis to norm");
    check(gain.shape == Sizes{x.shape.back()}, "rms_norm: gain {} does not fit x {}; give it a number for each column",
          text_of(gain.shape), text_of(x.shape));
    check(epsilon > 0 && std::isfinite(epsilon), "rms_norm: epsilon {} must be a number above 0", epsilon);
}

void check_cotangent(const Array& x, const Array& dy) {
    check(dy.shape == x.shape, "rms_norm: dy {} must be like x {}", text_of(dy.shape), text_of(x.shape));
}

double right_root(const Array& x, std::size_t row, std::size_t columns, double epsilon) {
    double squares = 0;
    for (std::size_t c = 0; c < columns; ++c) squares += x[row * columns + c] * x[row * columns + c];
    return std::sqrt(squares / static_cast<double>(columns) + epsilon);
}

Pieces right_pieces() {
    Pieces p;
    p.root = right_root;
    p.y = [](double x, double gain, double root) { return gain * (x / root); };
    p.gain_of = [](std::size_t, std::size_t column, std::size_t) { return column; };
    p.direct = [](double gain, double dy, double root) { return gain * dy / root; };
    p.dot_term = [](double gain, double dy, double x, double) { return gain * dy * x; };
    p.correction = [](double x, double dot, std::size_t columns, double root) {
        return x * dot / (static_cast<double>(columns) * root * root * root);
    };
    p.dgain_term = [](double dy, double x, double, double root) { return dy * x / root; };
    return p;
}

Implementation made_of(const Pieces& p) {
    return {[p](const Array& x, const Array& gain, double epsilon) { return forward(p, x, gain, epsilon); },
            [p](const Array& x, const Array& gain, double epsilon, const Array& dy) {
                return backward(p, x, gain, epsilon, dy);
            }};
}

Implementation right_op() { return made_of(right_pieces()); }

std::vector<Judged> right_implementations() {
    return {{"right: plain loops", "every number of it is right", right_op(), true},
            {"right: in float32", "a kernel's numbers are rounded to seven digits; allow for that, relative to the numbers that were added",
             in_float(), true},
            {"right: by the normed row", "the same formula in another order differs in the last digit", by_the_normed_row(), true},
            {"right: summed from the end", "the same sum in another order differs in the last digit", from_the_end(), true}};
}

}  // namespace cairn::course
