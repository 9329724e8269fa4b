// The grading of chapter 2. References are written another way than solution.cpp: by index tuples, element by element.
#include "cairn/course/grading.h"
#include "chapters/02-tensors-gradcheck/grade_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace cairn::course {

namespace {

struct Shapes {
    Sizes x, y, z;
};

const std::vector<Shapes> pairs = {
    {{2, 3}, {2, 3}, {2, 3}},
    {{2, 3}, {3}, {2, 3}},
    {{3}, {2, 3}, {2, 3}},
    {{4, 1}, {1, 5}, {4, 5}},
    {{7}, {}, {7}},
    {{1}, {1}, {1}},
    {{2, 1, 3}, {5, 1}, {2, 5, 3}},
    {{1, 3}, {3, 1}, {3, 3}},
    {{}, {}, {}},
    {{2, 2, 2}, {2, 1, 2}, {2, 2, 2}},
    {{3, 1}, {1, 3, 2}, {1, 3, 2}},
};

std::string title(const Shapes& s) { return text_of(s.x) + " with " + text_of(s.y); }

// The element of `a` that stands at the index tuple `at` of the result.
std::size_t under(const Array& a, const Sizes& at) {
    std::size_t element = 0;
    for (std::size_t axis = 0; axis < a.shape.size(); ++axis) {
        const std::size_t index = at[at.size() - a.shape.size() + axis];
        element = element * a.shape[axis] + (a.shape[axis] == 1 ? 0 : index);
    }
    return element;
}

// body(element, index tuple) for every element of the shape, in order.
template <typename Body>
void for_each(const Sizes& shape, const Body& body) {
    Sizes at(shape.size(), 0);
    for (std::size_t element = 0; element < count_of(shape); ++element) {
        body(element, at);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            if (++at[axis] < shape[axis]) break;
            at[axis] = 0;
        }
    }
}

void add(Trial& t) {
    for (const Shapes& s : pairs)
        t.run(title(s), [&] {
            const Array x = t.normal(s.x), y = t.normal(s.y);
            Array z(s.z);
            for_each(s.z, [&](std::size_t i, const Sizes& at) { z[i] = x[under(x, at)] + y[under(y, at)]; });
            t.check("z", exercise::add(x, y), z);
        });
}

void mul(Trial& t) {
    for (const Shapes& s : pairs)
        t.run(title(s), [&] {
            const Array x = t.normal(s.x), y = t.normal(s.y);
            Array z(s.z);
            for_each(s.z, [&](std::size_t i, const Sizes& at) { z[i] = x[under(x, at)] * y[under(y, at)]; });
            t.check("z", exercise::mul(x, y), z);
        });
}

void add_backward(Trial& t) {
    for (const Shapes& s : pairs)
        t.run(title(s), [&] {
            const Array x = t.normal(s.x), y = t.normal(s.y), dz = t.normal(s.z);
            Array dx(s.x), dy(s.y);
            for_each(s.z, [&](std::size_t i, const Sizes& at) { dx[under(x, at)] += dz[i], dy[under(y, at)] += dz[i]; });
            const exercise::Pair yours = exercise::add_backward(x, y, dz);
            t.check("dx", yours.dx, dx);
            t.check("dy", yours.dy, dy);
        });
}

void mul_backward(Trial& t) {
    for (const Shapes& s : pairs)
        t.run(title(s), [&] {
            const Array x = t.normal(s.x), y = t.normal(s.y), dz = t.normal(s.z);
            Array dx(s.x), dy(s.y);
            for_each(s.z, [&](std::size_t i, const Sizes& at) {
                dx[under(x, at)] += dz[i] * y[under(y, at)];
                dy[under(y, at)] += dz[i] * x[under(x, at)];
            });
            const exercise::Pair yours = exercise::mul_backward(x, y, dz);
            t.check("dx", yours.dx, dx);
            t.check("dy", yours.dy, dy);
        });
}

struct Summed {
    Sizes x;
    std::size_t axis;
    bool keepdims;

    Sizes y() const {
        Sizes shape = x;
        if (keepdims) shape[axis] = 1;
        else shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
        return shape;
    }
    std::string title() const { return fmt::format("{} over axis {}{}", text_of(x), axis, keepdims ? ", keepdims" : ""); }
    // Where the element at `at` of x goes to.
    std::size_t target(const Sizes& at) const {
        std::size_t element = 0;
        for (std::size_t a = 0; a < x.size(); ++a)
            if (a != axis) element = element * x[a] + at[a];
        return element;
    }
};

const std::vector<Summed> sums = {
    {{2, 3}, 0, false},
    {{2, 3}, 1, false},
    {{2, 3}, 0, true},
    {{2, 3}, 1, true},
    {{5}, 0, false},
    {{5}, 0, true},
    {{3, 1}, 1, false},
    {{2, 5, 3}, 1, false},
    {{2, 5, 3}, 1, true},
    {{7, 1, 2}, 0, true},
    {{3, 3}, 0, false},
    {{3, 3}, 1, false},
    {{2, 3, 2, 5}, 2, false},
};

void sum(Trial& t) {
    for (const Summed& s : sums)
        t.run(s.title(), [&] {
            const Array x = t.normal(s.x);
            Array y(s.y());
            for_each(s.x, [&](std::size_t i, const Sizes& at) { y[s.target(at)] += x[i]; });
            t.check("y", exercise::sum(x, s.axis, s.keepdims), y);
        });
}

void sum_backward(Trial& t) {
    for (const Summed& s : sums)
        t.run(s.title(), [&] {
            const Array x = t.normal(s.x), dy = t.normal(s.y());
            Array dx(s.x);
            for_each(s.x, [&](std::size_t i, const Sizes& at) { dx[i] = dy[s.target(at)]; });
            t.check("dx", exercise::sum_backward(x, s.axis, s.keepdims, dy), dx);
        });
}

// f(x) = (x1³ + x0 x1, x1³ + x1 x2, …, of the last one and the first): each output hangs on two inputs. Its central difference
// is known without rounding: ((x + h)³ - (x - h)³) / 2h = 3x² + h².
Array cubes(const Array& x) {
    Array y({x.size()});
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] * x[i] * x[i] + x[i] * x[(i + 1) % x.size()];
    return y;
}

void numeric_gradient(Trial& t) {
    for (const double h : {0.5, 0.125, 1e-3, 1e-5})
        for (const Sizes& shape : {Sizes{3}, Sizes{2, 3}, Sizes{7}})
            t.run(fmt::format("x {}, h = {:g}", text_of(shape), h), [&] {
                const Array before = t.normal(shape), dy = t.normal({count_of(shape)});
                Array expected(shape);
                const std::size_t n = expected.size();
                for (std::size_t i = 0; i < n; ++i) {
                    expected[i] += dy[i] * (3 * before[i] * before[i] + h * h + before[(i + 1) % n]);
                    expected[(i + 1) % n] += dy[i] * before[i];
                }
                Array x = before;
                const Array yours = exercise::numeric_gradient(cubes, x, dy, h);
                // Two numbers of size 10 that are subtracted have an error of 1e-15; divided by 2h that is 1e-10 for h = 1e-5.
                t.check("dx", yours, expected, {.relative = h < 1e-4 ? 1e-8 : 1e-10});
                const bool restored = x.shape == before.shape && x.values == before.values;
                t.require("x", restored, restored ? 1 : 0, "x was not given back as it was, to the last bit");
            });
}

void relative_error(Trial& t) {
    for (const Sizes& shape : {Sizes{1}, Sizes{5}, Sizes{2, 3}})
        for (const double scale : {1.0, 1e-6, 1e8})
            t.run(fmt::format("{}, numbers about {:g}", text_of(shape), scale), [&] {
                Array a = t.normal(shape), b = t.normal(shape);
                double aa = 0, bb = 0, cc = 0;
                for (std::size_t i = 0; i < a.size(); ++i) {
                    a[i] *= scale, b[i] *= scale;
                    aa += a[i] * a[i], bb += b[i] * b[i], cc += (a[i] - b[i]) * (a[i] - b[i]);
                }
                t.number("error", exercise::relative_error(a, b), std::sqrt(cc / std::max(aa, bb)));
            });
    t.run("both 0", [&] {
        // A fake answer may be right here; the other cases see it.
        t.number("error of zeros", exercise::relative_error(Array({3}), Array({3})), 0);
    });
    t.run("below the floor", [&] {
        t.number("error", exercise::relative_error(Array({2}, {3e-14, 0}), Array({2}, {0, 4e-14})), 0.05);
    });
    t.run("one of them 0", [&] { t.number("error", exercise::relative_error(Array({2}), Array({2}, {3, 4})), 1); });
}

// Sees at which points the student's gradcheck asks for f.
struct Watched {
    double farthest = 0, nearest = std::numeric_limits<double>::infinity();
    bool ones = true;
};

void gradcheck(Trial& t) {
    for (const JudgedOp& judged : judged_ops())
        t.run(judged.name, [&] {
            const bool accepted = exercise::gradcheck(judged.op, judged.x, t.random());
            t.verdict("accepted", accepted, judged.right,
                      judged.right ? "a right gradient is rejected: " + judged.about
                                   : "a wrong gradient is accepted: " + judged.about);
        });
    t.run("how it is called", [&] {
        const Array x({4}, {0.5, -1.25, 0.75, 1.5});
        Watched seen;
        const exercise::Op op{[&](const Array& at) {
                                  for (std::size_t i = 0; i < x.size(); ++i)
                                      if (const double d = std::abs(at[i] - x[i]); d > 0)
                                          seen.farthest = std::max(seen.farthest, d), seen.nearest = std::min(seen.nearest, d);
                                  return at;
                              },
                              [&](const Array&, const Array& dy) {
                                  for (const double value : dy.values) seen.ones = seen.ones && value == 1;
                                  return dy;
                              }};
        const bool accepted = exercise::gradcheck(op, x, t.random());
        t.verdict("accepted", accepted, true, "the gradient of y = x is rejected");
        t.require("cotangent", !seen.ones, seen.ones ? 1 : 0, "backward was called with a cotangent of ones only, or not at all");
        const bool tiny = seen.nearest<1e-9, long_step = seen.farthest> 1e-3;
        t.require("step", !tiny && !long_step, tiny ? -1 : long_step ? 1
                                                                     : 0,
                  fmt::format("the step h is {:.1g}", tiny ? seen.nearest : seen.farthest));
    });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "add", .functions = {"add"}, .run = add, .hint = "Write the shapes below each other, their ends aligned. An axis of size 1 stretches; a missing one counts as 1."},
        {.name = "add_backward", .functions = {"add_backward"}, .run = add_backward, .hint = "Each element of dz belongs to one of x and one of y: add it there. dx has the shape of x.", .points = 2},
        {.name = "mul", .functions = {"mul"}, .run = mul, .hint = "The same places as in add; multiply what stands there."},
        {.name = "mul_backward", .functions = {"mul_backward"}, .run = mul_backward, .hint = "dx gets dz times the y that x was multiplied with, summed where x was stretched.", .points = 2},
        {.name = "sum", .functions = {"sum"}, .run = sum, .hint = "See x as (outer, n, inner): all axes before, the axis, all axes behind."},
        {.name = "sum_backward", .functions = {"sum_backward"}, .run = sum_backward, .hint = "Every element along the axis gets the same dy."},
        {.name = "numeric_gradient", .functions = {"numeric_gradient"}, .run = numeric_gradient, .hint = "For each element of x: f at x + h and at x - h, their difference over 2h, times dy, summed over the outputs.", .points = 2},
        {.name = "relative_error", .functions = {"relative_error"}, .run = relative_error, .hint = "Norms of whole arrays; the floor 1e-12 stands inside of max."},
        {.name = "gradcheck", .functions = {"gradcheck"}, .run = gradcheck, .hint = "A cotangent of normal numbers, a step of about 1e-6, relative_error below 1e-5, and kinks left out.", .points = 3},
    }};
}

}  // namespace cairn::course
