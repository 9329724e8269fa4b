// Mutants whose forward is wrong. Their backward is the right one, or follows the same wrong root: a test that compares an op
// with itself sees nothing there.
#include "chapters/14-capstone/grade_mutants.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace cairn::course {

using exercise::Implementation;

namespace {

using Root = std::function<double(const Array& x, std::size_t row, std::size_t columns, double epsilon)>;
using Change = std::function<void(Array& y, const Array& x, std::size_t columns)>;

// Forward and backward by the same wrong root.
Implementation with_root(Root root) {
    Pieces p = right_pieces();
    p.root = std::move(root);
    return made_of(p);
}

// The root of a sum over the columns for which `counts` holds, divided by `divisor`.
template <typename Counts, typename Divisor>
Implementation with_sum(const Counts& counts, const Divisor& divisor) {
    return with_root([=](const Array& x, std::size_t row, std::size_t columns, double epsilon) {
        double squares = 0;
        for (std::size_t c = 0; c < columns; ++c)
            if (counts(c, columns)) squares += x[row * columns + c] * x[row * columns + c];
        return std::sqrt(squares / static_cast<double>(divisor(columns)) + epsilon);
    });
}

std::size_t all(std::size_t columns) { return columns; }
bool any(std::size_t, std::size_t) { return true; }

template <typename Value>
Implementation with_value(const Value& value) {
    Pieces p = right_pieces();
    p.y = value;
    return {made_of(p).forward, right_op().backward};
}

template <typename Index>
Implementation with_gain(const Index& index) {
    Pieces p = right_pieces();
    p.gain_of = index;
    return {made_of(p).forward, right_op().backward};
}

// The right y, changed afterwards.
Implementation changed(const Change& change) {
    const Implementation right = right_op();
    return {[=](const Array& x, const Array& gain, double epsilon) {
                Array y = right.forward(x, gain, epsilon);
                change(y, x, gain.size());
                return y;
            },
            right.backward};
}

// A float whose last 16 bits are cut off.
double to_bfloat(double value) {
    return static_cast<double>(std::bit_cast<float>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) & 0xffff0000u));
}

std::vector<Judged> wrong_roots() {
    return {
        {"the sum, not the mean", "the squares are not divided by C", with_sum(any, [](std::size_t) { return std::size_t{1}; })},
        {"C - 1", "the squares are divided by C - 1", with_sum(any, [](std::size_t c) { return std::max<std::size_t>(c - 1, 1); })},
        {"C rounded up", "the squares are divided by C rounded up to a multiple of 4", with_sum(any, [](std::size_t c) { return (c + 3) / 4 * 4; })},
        {"tail dropped", "the squares are summed by fours, and the last one to three of a row left out",
         with_sum([](std::size_t c, std::size_t columns) { return columns < 4 || c < columns / 4 * 4; }, all)},
        {"first left out", "the sum begins with the second element", with_sum([](std::size_t c, std::size_t columns) { return columns == 1 || c > 0; }, all)},
        {"64 lanes, one turn", "only the first 64 elements of a row are summed", with_sum([](std::size_t c, std::size_t) { return c < 64; }, all)},
        {"1,024 at most", "only the first 1,024 elements of a row are summed", with_sum([](std::size_t c, std::size_t) { return c < 1024; }, all)},
        {"no epsilon", "epsilon is forgotten", with_root([](const Array& x, std::size_t row, std::size_t columns, double) { return right_root(x, row, columns, 1e-300); })},
        {"epsilon outside", "epsilon is added to the root, not below it", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) { return right_root(x, row, columns, 1e-300) + e; })},
        {"a fixed epsilon", "epsilon is always 1e-5", with_root([](const Array& x, std::size_t row, std::size_t columns, double) { return right_root(x, row, columns, 1e-5); })},
        {"epsilon squared", "epsilon is squared", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) { return right_root(x, row, columns, e * e); })},
        {"no root", "the mean square is taken for its root", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) { return std::pow(right_root(x, row, columns, e), 2); })},
        {"layer norm", "the mean is subtracted before squaring", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) {
             double mean = 0, squares = 0;
             for (std::size_t c = 0; c < columns; ++c) mean += x[row * columns + c] / static_cast<double>(columns);
             for (std::size_t c = 0; c < columns; ++c) squares += std::pow(x[row * columns + c] - mean, 2);
             return std::sqrt(squares / static_cast<double>(columns) + e);
         })},
        {"magnitudes", "the mean of |x| is taken for the root of the mean square", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) {
             double sum = 0;
             for (std::size_t c = 0; c < columns; ++c) sum += std::abs(x[row * columns + c]);
             return sum / static_cast<double>(columns) + e;
         })},
        {"the first row's root", "every row is divided by the root of the first", with_root([](const Array& x, std::size_t, std::size_t columns, double e) { return right_root(x, 0, columns, e); })},
        {"sum not reset", "a row's sum of squares starts with that of the row before", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) {
             double squares = 0;
             for (std::size_t i = row == 0 ? 0 : (row - 1) * columns; i < (row + 1) * columns; ++i) squares += x[i] * x[i];
             return std::sqrt(squares / static_cast<double>(columns) + e);
         })},
        {"the whole array", "the mean is taken over all of x, not over its last axis", with_root([](const Array& x, std::size_t, std::size_t, double e) { return right_root(x, 0, x.size(), e); })},
        {"three digits", "the root is kept in 16 bits (bfloat16)", with_root([](const Array& x, std::size_t row, std::size_t columns, double e) { return to_bfloat(right_root(x, row, columns, e)); })},
    };
}

}  // namespace

std::vector<Judged> forward_mutants() {
    std::vector<Judged> mutants = wrong_roots();
    const std::vector<Judged> others = {
        {"multiplied", "x is multiplied by the root", with_value([](double x, double gain, double root) { return gain * x * root; })},
        {"no gain", "the gain is forgotten", with_value([](double x, double, double root) { return x / root; })},
        {"gain + 1", "the gain counts from 1: (1 + gain) x / root", with_value([](double x, double gain, double root) { return (1 + gain) * x / root; })},
        {"|gain|", "a negative gain loses its sign", with_value([](double x, double gain, double root) { return std::abs(gain) * x / root; })},
        {"relu", "negative results become 0", with_value([](double x, double gain, double root) { return std::max(gain * x / root, 0.0); })},
        {"clipped", "results are cut at 2", with_value([](double x, double gain, double root) { return std::clamp(gain * x / root, -2.0, 2.0); })},
        {"the row's gain", "the gain is taken by the row, not by the column", with_gain([](std::size_t row, std::size_t, std::size_t columns) { return row % columns; })},
        {"gain reversed", "the gain is read from its end", with_gain([](std::size_t, std::size_t c, std::size_t columns) { return columns - 1 - c; })},
        {"one gain", "every column gets the gain of the first", with_gain([](std::size_t, std::size_t, std::size_t) { return std::size_t{0}; })},
        {"last row left out", "the last of several rows is left 0", changed([](Array& y, const Array&, std::size_t columns) {
             for (std::size_t i = y.size() > columns ? y.size() - columns : y.size(); i < y.size(); ++i) y[i] = 0;
         })},
        {"512 rows at most", "rows from 512 on are left 0", changed([](Array& y, const Array&, std::size_t columns) {
             for (std::size_t i = std::min(512 * columns, y.size()); i < y.size(); ++i) y[i] = 0;
         })},
        {"last column of an odd number", "where C is odd, the last column is copied from x", changed([](Array& y, const Array& x, std::size_t columns) {
             for (std::size_t i = columns - 1; columns % 2 == 1 && i < y.size(); i += columns) y[i] = x[i];
         })},
        {"NaN hidden", "a result that is not a number becomes 0", changed([](Array& y, const Array&, std::size_t) {
             for (double& value : y.values) value = std::isnan(value) ? 0 : value;
         })},
    };
    mutants.insert(mutants.end(), others.begin(), others.end());
    return mutants;
}

}  // namespace cairn::course
