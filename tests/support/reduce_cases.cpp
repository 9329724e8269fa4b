// Reductions over every set of axes, their backward, and argmax.
#include "support/cases_of.h"

#include <utility>
#include <vector>

namespace cairn::test {

namespace {

const std::vector<Reduced> reductions{
    {{1}, {}},
    {{7}, {}},
    {{1000}, {}},
    {{65537}, {}},  // one number out of many
    {{5}, {5}},     // nothing is reduced
    {{3, 5}, {}},
    {{3, 5}, {1, 1}},
    {{3, 5}, {5}},  // a bias' gradient
    {{3, 5}, {1, 5}},
    {{3, 5}, {3, 1}},        // a sum per row
    {{2, 3, 4}, {2, 1, 4}},  // the middle axis
    {{2, 3, 4}, {3, 1}},     // the outer axes
    {{4, 6, 6, 5}, {5}},
    {{4, 6, 6, 5}, {4, 1, 1, 5}},  // global pooling
    {{2, 3, 4, 5}, {1, 3, 1, 5}},  // every other axis
    {{2, 3, 2, 3, 2, 3}, {2, 1, 2, 1, 2, 1}},
    {{1, 3, 1}, {3, 1}},
    {{63, 65}, {65}},
    {{64, 64}, {64, 1}},
    {{1025, 3}, {3}},
    {{3, 1025}, {3, 1}},
    {{300, 65}, {65}},
    {{5000, 13}, {13}},
    {{5000, 13}, {5000, 1}},
};

struct Operation {
    Reduction op;
    const char* name;
};

void add_reductions(KernelCases& cases, Draw& draw, const std::vector<Reduced>& all) {
    for (const auto& [operation, name] :
         {Operation{Reduction::sum, "sum"}, {Reduction::mean, "mean"}, {Reduction::max, "max"}}) {
        const Reduction op = operation;
        const bool max = op == Reduction::max;
        for (const Reduced& s : all) {
            const std::string what = fmt::format("reduce {} {} to {}", name, s.x, s.y);
            const Bound bound = max ? exact() : sum_of(s.x.size() / s.y.size());
            // Negative, so that a maximum that starts from 0 is caught.
            const Input x = max ? draw.uniform(s.x, -3, -1) : draw.normal(s.x);
            cases.push_back(
                {what, {x}, {{"y", s.y, bound}}, [=](Backend& device, const Tensors& in, const Tensors& out) {
                     device.reduce(op, in[0], out[0]);
                 }});

            const Input dy = draw.normal(s.y);
            if (!max) {
                cases.push_back({what + " backward",
                                 {dy},
                                 {{"dx", s.x, op == Reduction::sum ? exact() : roundings(6)}},
                                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                                     device.reduce_backward(op, Tensor(), Tensor(), in[0], out[0]);
                                 }});
                continue;
            }
            // Five values only: many ties, of which the first takes all of the gradient.
            const Input ties = draw.integers(s.x, 5);
            cases.push_back({what + " of ties, backward",
                             {ties, dy},
                             {{"y", s.y, exact()}, {"dx", s.x, exact()}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.reduce(op, in[0], out[0]);
                                 device.reduce_backward(op, in[0], out[0], in[1], out[1]);
                             }});
        }
    }
}

// NaN is larger than any number: a maximum passes it on, and its gradient goes to the first. (63, 65) to (65): one column
// in three is all NaN, and the others have none.
void add_max_with_nan(KernelCases& cases, Draw& draw) {
    for (const Reduced& s :
         std::vector<Reduced>{{{1000}, {}}, {{65537}, {}}, {{63, 65}, {65}}, {{63, 66}, {66}}, {{3, 1025}, {3, 1}}}) {
        cases.push_back({fmt::format("reduce max {} to {} with NaN", s.x, s.y),
                         {draw.some_nan(s.x), draw.normal(s.y)},
                         {{"y", s.y, exact()}, {"dx", s.x, exact()}},
                         [](Backend& device, const Tensors& in, const Tensors& out) {
                             device.reduce(Reduction::max, in[0], out[0]);
                             device.reduce_backward(Reduction::max, in[0], out[0], in[1], out[1]);
                         }});
    }
}

const std::vector<Shape> rows{{1, 1}, {7}, {5, 10}, {64, 10}, {3, 4, 5}, {65, 63}, {3, 1000}, {5000, 11}};

void add_argmax(KernelCases& cases, Draw& draw, const std::vector<Shape>& all) {
    for (const Shape& x_shape : all) {
        Shape y;
        for (int axis = 0; axis + 1 < x_shape.rank(); ++axis) y = y.append(x_shape[axis]);
        for (const auto& [how, x] : std::vector<std::pair<const char*, Input>>{{"", draw.uniform(x_shape, -3, -1)},
                                                                               {" of ties", draw.integers(x_shape, 4)},
                                                                               {" with NaN", draw.some_nan(x_shape)}}) {
            cases.push_back(
                {fmt::format("argmax {}{}", x_shape, how),
                 {x},
                 {{"y", y, exact(), {}, DType::int32}},
                 [](Backend& device, const Tensors& in, const Tensors& out) { device.argmax(in[0], out[0]); }});
        }
    }
}

}  // namespace

KernelCases reduce_cases_of(Draw& draw, const std::vector<Reduced>& reduced, const std::vector<Shape>& looked_up) {
    KernelCases cases;
    add_reductions(cases, draw, reduced);
    add_argmax(cases, draw, looked_up);
    return cases;
}

KernelCases reduce_cases() {
    Draw draw(2);
    KernelCases cases = reduce_cases_of(draw, reductions, rows);
    add_max_with_nan(cases, draw);
    return cases;
}

}  // namespace cairn::test
