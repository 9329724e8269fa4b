#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

struct Function {
    const char* name;
    const char* what;  // its numbers, for the case's name
    Tensor (*op)(const Tensor&);
    detail::Values values;
    bool saturates = true;  // is it finite, with a gradient, at 1e4?
};

constexpr detail::Values normal = detail::Values::normal, positive = detail::Values::positive,
                         away_from_zero = detail::Values::away_from_zero;

// Those of one name side by side.
const Function functions[] = {
    {"sigmoid", "", sigmoid, normal},
    {"tanh", "", tanh, normal},
    {"silu", "", silu, normal},
    {"softplus", "", softplus, normal},
    {"gelu", "exact", [](const Tensor& x) { return gelu(x); }, normal},
    {"gelu", "by tanh", [](const Tensor& x) { return gelu(x, true); }, normal},
    {"elu", "alpha 1", [](const Tensor& x) { return elu(x); }, away_from_zero},
    {"elu", "alpha 0.7", [](const Tensor& x) { return elu(x, 0.7); }, away_from_zero},
    {"leaky_relu", "slope 0.2", [](const Tensor& x) { return leaky_relu(x); }, away_from_zero},
    {"leaky_relu", "slope 0.3", [](const Tensor& x) { return leaky_relu(x, 0.3); }, away_from_zero},
    {"abs", "", abs, away_from_zero},
    {"affine", "-0.5 x + 3", [](const Tensor& x) { return affine(x, -0.5, 3); }, normal},
    {"reciprocal", "1 / x", [](const Tensor& x) { return reciprocal(x); }, away_from_zero, false},
    {"reciprocal", "-3 / x", [](const Tensor& x) { return reciprocal(x, -3); }, away_from_zero, false},
    {"pow", "3", [](const Tensor& x) { return pow(x, 3); }, away_from_zero, false},
    {"pow", "-2", [](const Tensor& x) { return pow(x, -2); }, away_from_zero, false},
    {"pow", "2.5", [](const Tensor& x) { return pow(x, 2.5); }, positive, false},
    {"pow", "-0.5", [](const Tensor& x) { return pow(x, -0.5); }, positive, false},
};

const Shape shapes[] = {{}, {1}, {2}, {3, 5}, {63}, {64}, {65}, {1, 1, 1, 1}, {2, 3, 5}, {7, 9}, {2, 1, 3, 1, 2}};

}  // namespace

void detail::add_activation_cases(std::vector<OpCase>& cases) {
    for (const Function& f : functions) {
        const auto name = [&](const std::string& rest) {
            return fmt::format("{}{}{}", f.what, *f.what ? " " : "", rest);
        };
        const auto apply = [op = f.op](const Tensors& x) { return op(x[0]); };
        for (const Shape& shape : shapes)
            cases.push_back(make_case(f.name, name(shape.str()), {{shape, f.values}}, apply));
        if (f.saturates)
            for (const Shape& shape : {Shape{4}, Shape{63}, Shape{2, 3, 5}})
                cases.push_back(make_case(f.name, name(fmt::format("{} saturated", shape)),
                                          {{shape, detail::Values::saturated}}, apply));
        cases.push_back(make_case(f.name, name("of (5,) and its input again"), {{{5}, f.values}},
                                  [op = f.op](const Tensors& x) { return add(mul(op(x[0]), x[0]), x[0]); }));
    }
}

}  // namespace cairn::ops
