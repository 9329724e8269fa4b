// Gradients of activations and moves that are wrong in the ways people get them wrong, each one found by gradcheck.
#include "cairn/autograd/gradcheck.h"
#include "cairn/autograd/graph.h"
#include "cairn/ops/operators.h"
#include "support/compare.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

using autograd::Gradients;
using Function = std::function<Tensor(const Tensor&)>;
// The gradient of y = f(x) from x, y and dy.
using Formula = std::function<Tensor(const Tensor& x, const Tensor& y, const Tensor& dy)>;

bool passes(const Function& f, const Formula& gradient, const Shape& shape = {3, 5}, bool positive = false) {
    const auto function = [=](const Tensors& inputs) {
        const Tensor x = inputs[0].detach(), y = f(x);
        return autograd::differentiable("control", inputs, y,
                                        [=](const Tensor& dy, Gradients& dx) { dx.give(0, gradient(x, y, dy)); });
    };
    Tensor x = random_tensor(shape, Device::cpu(), 1);
    if (positive) x = ops::abs(x) + 0.5;
    return autograd::gradcheck(function, {x}).passed();
}

struct Control {
    const char* what;
    Function f;
    Formula right, wrong;
    bool positive = false;
};

Tensor density(const Tensor& x) { return ops::exp(ops::square(x) * -0.5) / std::sqrt(2 * M_PI); }
Tensor share(const Tensor& x) { return ops::gelu(x) / x; }
Tensor sign(const Tensor& x) { return x / ops::abs(x); }
Tensor is_positive(const Tensor& x) { return (sign(x) + 1) * 0.5; }

#define FORMULA(expression)                                            \
    [](const Tensor& x, const Tensor& y, const Tensor& dy) -> Tensor { \
        (void)x, (void)y;                                              \
        return expression;                                             \
    }

const std::vector<Control> controls{
    {"sigmoid without 1 - y", ops::sigmoid, FORMULA(dy* y*(1 - y)), FORMULA(dy* y)},
    {"tanh with y for y^2", ops::tanh, FORMULA(dy*(1 - y * y)), FORMULA(dy*(1 - y))},
    {"silu without its second term", ops::silu, FORMULA(dy* ops::sigmoid(x) * (1 + x * ops::sigmoid(-x))),
     FORMULA(dy* ops::sigmoid(x))},
    {"softplus by tanh", ops::softplus, FORMULA(dy* ops::sigmoid(x)), FORMULA(dy* ops::tanh(x))},
    {"gelu without its density", [](const Tensor& x) { return ops::gelu(x); }, FORMULA(dy*(share(x) + x * density(x))),
     FORMULA(dy* share(x))},
    {"gelu by tanh, with the exact gradient", [](const Tensor& x) { return ops::gelu(x, true); },
     FORMULA(dy* ops::sigmoid(1.5957691216057308 * (x + 0.044715 * ops::pow(x, 3))) *
             (1 + x * ops::sigmoid(-1.5957691216057308 * (x + 0.044715 * ops::pow(x, 3))) * 1.5957691216057308 *
                      (1 + 3 * 0.044715 * x * x))),
     FORMULA(dy*(share(x) + x * density(x)))},
    {"elu without alpha", [](const Tensor& x) { return ops::elu(x, 0.7); },
     FORMULA(dy*(is_positive(x) + (1 - is_positive(x)) * 0.7 * ops::exp(x))),
     FORMULA(dy*(is_positive(x) + (1 - is_positive(x)) * ops::exp(x)))},
    {"leaky_relu that is a relu", [](const Tensor& x) { return ops::leaky_relu(x); },
     FORMULA(dy*(is_positive(x) + (1 - is_positive(x)) * 0.2)), FORMULA(dy* is_positive(x))},
    {"abs without its sign", ops::abs, FORMULA(dy* sign(x)), FORMULA(dy)},
    {"pow with the exponent it had", [](const Tensor& x) { return ops::pow(x, 2.5); },
     FORMULA(dy * 2.5 * ops::pow(x, 1.5)), FORMULA(dy * 2.5 * ops::pow(x, 2.5)), true},
    {"reciprocal with y for y^2", [](const Tensor& x) { return 1 / x; }, FORMULA(-dy* y* y), FORMULA(-dy* y), true},
    {"affine with its shift", [](const Tensor& x) { return 3 * x + 1; }, FORMULA(3 * dy), FORMULA(3 * dy + 1)},
    {"transpose that only changes the shape", [](const Tensor& x) { return ops::transpose(x); },
     FORMULA(ops::transpose(dy)), FORMULA(ops::reshape(dy, {3, 5}))},
    {"slice one place too early", [](const Tensor& x) { return ops::slice(x, {{}, {1, 4}}); },
     FORMULA(ops::pad(dy, {{0, 0}, {1, 1}})), FORMULA(ops::pad(dy, {{0, 0}, {0, 2}}))},
    {"pad that forgets what is before", [](const Tensor& x) { return ops::pad(x, {{1, 1}}); },
     FORMULA(ops::slice(dy, {{1, 4}})), FORMULA(ops::slice(dy, {{0, 3}}))},
    {"concatenate with the other part's", [](const Tensor& x) { return ops::concatenate({x, x * 2.0}); },
     FORMULA(ops::slice(dy, {{}, {0, 5}}) + 2 * ops::slice(dy, {{}, {5, {}}})),
     FORMULA(ops::slice(dy, {{}, {5, {}}}) + 2 * ops::slice(dy, {{}, {0, 5}}))},
    {"stack with one of its parts", [](const Tensor& x) { return ops::stack({x, x}); }, FORMULA(ops::sum(dy, {0})),
     FORMULA(ops::mean(dy, {0}))},
    {"broadcast_to that is not summed", [](const Tensor& x) { return ops::broadcast_to(x, {4, 3, 5}); },
     FORMULA(ops::sum(dy, {0})), FORMULA(ops::mean(dy, {0}))},
    {"maximum that gives to both", [](const Tensor& x) { return ops::maximum(x, x * 0.0); },
     FORMULA(dy* is_positive(x)), FORMULA(dy)},
    {"minimum that is a maximum", [](const Tensor& x) { return ops::minimum(x, x * 0.0); },
     FORMULA(dy*(1 - is_positive(x))), FORMULA(dy* is_positive(x))},
};

TEST(WrongFormulas, OfActivationsAndMoves) {
    for (const Control& c : controls) {
        EXPECT_TRUE(passes(c.f, c.right, {3, 5}, c.positive)) << c.what << ": the control's control";
        EXPECT_FALSE(passes(c.f, c.wrong, {3, 5}, c.positive)) << c.what;
    }
}

// A row that was gathered twice, whose second gradient replaces the first.
TEST(WrongFormulas, GatherRowsThatOverwrites) {
    const Tensor rows = from_values<std::int32_t>({3}, {1, 0, 1}, Device::cpu());
    const Function gather = [=](const Tensor& x) { return ops::gather_rows(x, rows); };
    const auto gradient = [](double first_of_two) -> Formula {
        return [=](const Tensor&, const Tensor&, const Tensor& dy) {
            const Tensor of_row_1 = first_of_two * ops::slice(dy, {{0, 1}}) + ops::slice(dy, {{2, 3}});
            return ops::concatenate({ops::slice(dy, {{1, 2}}), of_row_1}, 0);
        };
    };
    EXPECT_TRUE(passes(gather, gradient(1), {2, 3}));
    EXPECT_FALSE(passes(gather, gradient(0), {2, 3}));
}

}  // namespace
}  // namespace cairn::test
