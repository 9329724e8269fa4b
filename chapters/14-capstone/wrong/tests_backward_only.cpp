// part: tests
// only backward is tested.
#include "chapters/14-capstone/exercise.h"

#include "cairn/core/random.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace exercise {

using cairn::RandomStream;
using cairn::course::text_of;

namespace {

double root_of(const double* x, std::size_t columns, double epsilon) {
    double squares = 0;
    for (std::size_t c = 0; c < columns; ++c) squares += x[c] * x[c];
    return std::sqrt(squares / static_cast<double>(columns) + epsilon);
}

Array normal(const Sizes& shape, RandomStream& random) {
    Array array(shape);
    for (double& value : array.values) value = random.normal();
    return array;
}

bool same(const Array& a, const Array& b) { return a.shape == b.shape && a.values == b.values; }

bool near(const Array& yours, const Array& expected, double magnitude) {
    if (yours.shape != expected.shape || yours.size() != expected.size()) return false;
    for (std::size_t i = 0; i < yours.size(); ++i)
        if (!(std::abs(yours[i] - expected[i]) <= 2e-5 * magnitude)) return false;
    return true;
}

double largest(const Array& a) {
    double most = 1e-30;
    for (const double value : a.values) most = std::max(most, std::abs(value));
    return most;
}

Array row(const Array& x, std::size_t m, std::size_t columns) {
    const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(m * columns);
    return Array({1, columns}, std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(columns)));
}

bool agrees(const Implementation& op, const Array& x, const Array& gain, double epsilon, const Array& dy) {
    const Array x_before = x, gain_before = gain, dy_before = dy;
    const Array y = op.forward(x, gain, epsilon);
    const Gradients d = op.backward(x, gain, epsilon, dy);
    if (!same(x, x_before) || !same(gain, gain_before) || !same(dy, dy_before)) return false;
    if (!same(op.forward(x, gain, epsilon), y) || !same(op.backward(x, gain, epsilon, dy).dgain, d.dgain)) return false;
    if (y.shape != x.shape || d.dx.shape != x.shape || d.dgain.shape != gain.shape) return false;

    const std::size_t columns = gain.size(), rows = columns == 0 ? 0 : x.size() / columns;
    const Array expected = rms_norm_loops(x, gain, epsilon);
    const Gradients right = rms_norm_loops_backward(x, gain, epsilon, dy);
    double terms = 0;
    for (std::size_t m = 0; m < rows; ++m) {
        const Array xm = row(x, m, columns), dym = row(dy, m, columns);
        const double inverse = 1 / root_of(xm.values.data(), columns, epsilon);
        if (!near(row(d.dx, m, columns), row(right.dx, m, columns), largest(gain) * largest(dym) * inverse)) return false;
        terms = std::max(terms, largest(dym) * largest(xm) * inverse);
    }
    return near(d.dgain, right.dgain, std::max(terms, 1e-30));
}

template <typename Body>
bool refuses(const Body& body, const std::vector<Sizes>& named) {
    try {
        body();
        return false;
    } catch (const cairn::Error& error) {
        const std::string text = error.what();
        return text.find("rms_norm") != std::string::npos && std::ranges::all_of(named, [&](const Sizes& shape) {
                   return text.find(text_of(shape)) != std::string::npos;
               });
    } catch (...) {
        return false;
    }
}

bool refuses_what_does_not_fit(const Implementation& op) {
    const Array x({2, 4}, 1.0), gain({4}, 1.0), dy({2, 4}, 1.0);
    for (const Sizes& wrong : {Sizes{3}, Sizes{5}, Sizes{1}, Sizes{1, 4}, Sizes{}, Sizes{2}}) {
        const Array bad(wrong, 1.0);
        if (!refuses([&] { op.forward(x, bad, 1e-5); }, {wrong, x.shape})) return false;
        if (!refuses([&] { op.backward(x, bad, 1e-5, dy); }, {wrong, x.shape})) return false;
    }
    for (const Sizes& wrong : {Sizes{2, 3}, Sizes{4, 2}, Sizes{8}, Sizes{1, 4}})
        if (!refuses([&] { op.backward(x, gain, 1e-5, Array(wrong, 1.0)); }, {wrong, x.shape})) return false;
    for (const double epsilon : {0.0, -1e-3, std::numeric_limits<double>::quiet_NaN()})
        if (!refuses([&] { op.forward(x, gain, epsilon); }, {})) return false;
    return refuses([&] { op.forward(Array({}, 1.0), gain, 1e-5); }, {});
}

bool keeps_nan_in_its_row(const Implementation& op, RandomStream& random) {
    Array x = normal({3, 5}, random);
    x[7] = std::numeric_limits<double>::quiet_NaN();
    const Array y = op.forward(x, Array({5}, 1.0), 1e-5);
    for (std::size_t i = 0; i < y.size(); ++i)
        if (std::isnan(y[i]) != (i / 5 == 1)) return false;
    return true;
}

}  // namespace

bool accepts(const Implementation& op) {
    RandomStream random({.seed = 14, .stream = cairn::stream_of(cairn::Purpose::test), .step = 0});
    const std::vector<Sizes> shapes = {{1, 1}, {1, 5}, {4, 1}, {7}, {2, 3}, {5, 4}, {3, 17}, {2, 3, 5}, {2, 1, 3, 4}, {2, 67}, {131, 3}, {2, 300}, {600, 2}, {0, 4}, {2, 1025}};
    try {
        for (const Sizes& shape : shapes)
            for (const double epsilon : {0.5, 1e-3}) {
                const Array x = normal(shape, random), gain = normal({shape.back()}, random);
                if (!agrees(op, x, gain, epsilon, normal(shape, random))) return false;
            }
        // Rows that are 0, tiny, large, and far from 0.
        Array x = normal({6, 5}, random);
        const double factors[] = {1, 0, 1e-4, 1e5, 1, 3}, shifts[] = {0, 0, 0, 0, 50, 0};
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] * factors[i / 5] + shifts[i / 5];
        if (!agrees(op, x, normal({5}, random), 1e-6, normal({6, 5}, random))) return false;
        return keeps_nan_in_its_row(op, random) && refuses_what_does_not_fit(op);
    } catch (...) {
        return false;
    }
}

}  // namespace exercise
