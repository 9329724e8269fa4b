#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

const Shape softmax_shapes[] = {
    {1}, {2}, {10}, {1, 1}, {1, 10}, {3, 5}, {63, 2}, {2, 64}, {1, 65}, {2, 3, 5}, {2, 1, 3, 2},
};

struct Loss {
    std::int64_t batch, classes;
};
const Loss losses[] = {{1, 1}, {1, 2}, {1, 10}, {8, 10}, {3, 1}, {5, 7}, {63, 2}, {64, 3}, {65, 2}, {2, 65}};

struct Penalty {
    Shape w;
    double lambda;
};
const Penalty penalties[] = {
    {{}, 1},     {{1}, 0.5},  {{3, 5}, 1e-4},      {{63}, 0.01},       {{64}, 1},
    {{65}, 1e3}, {{7, 9}, 2}, {{3, 3, 2, 5}, 0.1}, {{1, 1, 1, 1}, 10}, {{2, 3}, 0},
};

}  // namespace

void detail::add_loss_cases(std::vector<OpCase>& cases) {
    for (const Shape& shape : softmax_shapes)
        cases.push_back(make_case("softmax", shape.str(), {{shape}}, [](const Tensors& x) { return softmax(x[0]); }));
    for (const Shape& shape : softmax_shapes)
        cases.push_back(
            make_case("log_softmax", shape.str(), {{shape}}, [](const Tensors& x) { return log_softmax(x[0]); }));

    for (const auto& [batch, classes] : losses) {
        const Shape logits{batch, classes};
        cases.push_back(make_case("softmax_cross_entropy", fmt::format("{}, classes", logits),
                                  {{logits}, {{batch}, Values::classes, static_cast<std::uint32_t>(classes)}},
                                  [](const Tensors& x) { return softmax_cross_entropy(x[0], x[1]); }));
    }
    for (const auto& [batch, classes] : losses) {
        const Shape logits{batch, classes};
        // Weights that do not sum to 1 show whether the gradient counts on it.
        cases.push_back(make_case(
            "softmax_cross_entropy", fmt::format("{}, probabilities", logits), {{logits}}, [=](const Tensors& x) {
                const RandomKey key{0, stream_of(Purpose::test, 103)};
                const Input weights{logits, Values::positive};
                return softmax_cross_entropy(x[0], draw(weights, key, x[0].device(), x[0].dtype()));
            }));
    }
    for (const auto& [w, lambda] : penalties)
        cases.push_back(make_case("l2_penalty", fmt::format("{}, lambda {}", w, lambda), {{w}},
                                  [lambda = lambda](const Tensors& x) { return l2_penalty(x[0], lambda); }));
}

}  // namespace cairn::ops
