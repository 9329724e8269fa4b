#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

struct UnaryOp {
    const char* name;
    Tensor (*op)(const Tensor&);
    detail::Values values;
};

constexpr UnaryOp unary_ops[] = {
    {"exp", exp, detail::Values::normal},           {"log", log, detail::Values::positive},
    {"sqrt", sqrt, detail::Values::positive},       {"square", square, detail::Values::normal},
    {"relu", relu, detail::Values::away_from_zero},
};

const Shape unary_shapes[] = {
    {}, {1}, {2}, {3, 5}, {63}, {64}, {65}, {1, 1, 1, 1}, {2, 3, 5}, {7, 9}, {2, 1, 3, 1, 2},
};

struct BinaryOp {
    const char* name;
    Tensor (*op)(const Tensor&, const Tensor&);
    detail::Values second;  // how the second operand is drawn
};

constexpr BinaryOp binary_ops[] = {
    {"add", add, detail::Values::normal},         {"sub", sub, detail::Values::normal},
    {"mul", mul, detail::Values::normal},         {"div", div, detail::Values::away_from_zero},
    {"maximum", maximum, detail::Values::normal}, {"minimum", minimum, detail::Values::normal},
};

const std::pair<Shape, Shape> binary_shapes[] = {
    {{}, {}},                // scalars
    {{1}, {1}},              //
    {{63}, {63}},            // equal shapes
    {{2, 3, 5}, {2, 3, 5}},  //
    {{2, 3}, {}},            // a scalar on either side
    {{}, {2, 3}},            //
    {{64, 2}, {2}},          // a missing axis on either side, as a bias has
    {{2}, {64, 2}},          //
    {{2, 65}, {2, 1}},       // an inner axis repeated, on either side
    {{3, 1}, {3, 5}},        //
    {{4, 1}, {1, 3}},        // both repeated
    {{2, 3, 1, 5}, {7, 1}},  //
    {{2, 3, 4}, {2, 1, 4}},  // an axis in the middle
    {{1, 1, 1}, {2}},        // more axes, but fewer elements
    {{2, 1, 2, 1, 2, 1}, {1, 2, 1, 2, 1, 2}},
};

}  // namespace

void detail::add_elementwise_cases(std::vector<OpCase>& cases) {
    for (const auto& [name, op, values] : unary_ops)
        for (const Shape& shape : unary_shapes)
            cases.push_back(
                make_case(name, shape.str(), {{shape, values}}, [op = op](const Tensors& x) { return op(x[0]); }));

    for (const auto& [name, op, second] : binary_ops) {
        for (const auto& [a, b] : binary_shapes)
            cases.push_back(make_case(name, fmt::format("{} and {}", a, b), {{a, Values::normal}, {b, second}},
                                      [op = op](const Tensors& x) { return op(x[0], x[1]); }));
        // The larger of two that are one is either of them, whose kink lies everywhere.
        if (op != maximum && op != minimum)
            cases.push_back(make_case(name, "a tensor (3,) and itself", {{{3}, second}},
                                      [op = op](const Tensors& x) { return op(x[0], x[0]); }));
        cases.push_back(make_case(name, "a constant (2, 1) and (3,)", {{{3}, second}}, [op = op](const Tensors& x) {
            const RandomKey key{0, stream_of(Purpose::test, 100)};
            return op(draw({{2, 1}, Values::normal}, key, x[0].device(), x[0].dtype()), x[0]);
        }));
    }
}

}  // namespace cairn::ops
