#include "cairn/backend/devices.h"
#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

using detail::bias_of;
using detail::draw;
using detail::layer_inputs;
using detail::make_case;
using detail::suffix;
using detail::Values;

// ---- matmul and dense -----------------------------------------------------------------------------------------------
struct Product {
    std::int64_t m, k, n;
};
const Product products[] = {{1, 1, 1}, {2, 3, 5}, {63, 2, 1}, {2, 64, 1}, {1, 2, 65}, {5, 1, 3}};

void add_matmul_cases(std::vector<OpCase>& cases) {
    for (const auto& [m, k, n] : products)
        for (const bool ta : {false, true})
            for (const bool tb : {false, true}) {
                const Shape a = ta ? Shape{k, m} : Shape{m, k}, b = tb ? Shape{n, k} : Shape{k, n};
                cases.push_back(make_case("matmul", fmt::format("{}{} {}{}", a, ta ? "^T" : "", b, tb ? "^T" : ""),
                                          {{a}, {b}}, [=](const Tensors& x) { return matmul(x[0], x[1], ta, tb); }));
            }
    cases.push_back(make_case("matmul", "(3, 2)^T and itself", {{{3, 2}}},
                              [](const Tensors& x) { return matmul(x[0], x[0], true, false); }));
}

struct DenseCase {
    std::int64_t batch, inputs, outputs;
    bool bias;
    bool relu;
};
const DenseCase denses[] = {
    {1, 1, 1, true, false},   {1, 3, 2, false, false}, {2, 3, 5, true, false},  {5, 7, 3, false, true},
    {3, 5, 7, true, true},    {63, 1, 2, true, false}, {1, 64, 2, true, true},  {2, 2, 65, true, true},
    {64, 2, 1, false, false}, {1, 1, 1, true, true},   {8, 4, 10, true, false},
};

void add_dense_cases(std::vector<OpCase>& cases) {
    for (const auto& [batch, inputs, outputs, bias, relu] : denses) {
        const Shape x{batch, inputs}, kernel{inputs, outputs};
        cases.push_back(make_case("dense", fmt::format("{} -> {}{}", x, outputs, suffix(bias, relu)),
                                  layer_inputs(x, kernel, bias),
                                  [relu = relu](const Tensors& t) { return dense(t[0], t[1], bias_of(t), relu); }));
    }
}

// ---- batch_norm, layer_norm, group_norm and dropout -----------------------------------------------------------------------------------------
const Shape normalized[] = {
    {1, 3},  {3, 1},  {5, 2},    {8, 3},       {63, 2},      {64, 1},
    {65, 1}, {4, 65}, {5, 2, 3}, {2, 3, 5, 2}, {1, 4, 4, 3}, {8, 1, 1, 5},
};

void add_batch_norm_cases(std::vector<OpCase>& cases) {
    for (const Shape& shape : normalized) {
        const Shape channels{shape[-1]};
        cases.push_back(
            make_case("batch_norm_training", shape.str(), {{shape}, {channels}, {channels}}, [=](const Tensors& t) {
                const Tensor mean = zeros(channels, t[0].dtype(), t[0].device());
                const Tensor variance = full(channels, 1, t[0].dtype(), t[0].device());
                return batch_norm_training(t[0], {t[1], t[2], mean, variance});
            }));
    }
    for (const Shape& shape : normalized) {
        const Shape channels{shape[-1]};
        cases.push_back(
            make_case("batch_norm_inference", shape.str(), {{shape}, {channels}, {channels}}, [=](const Tensors& t) {
                const RandomKey mean_key{0, stream_of(Purpose::test, 101)},
                    variance_key{0, stream_of(Purpose::test, 102)};
                const Tensor mean = draw({channels}, mean_key, t[0].device(), t[0].dtype());
                const Tensor variance = draw({channels, Values::positive}, variance_key, t[0].device(), t[0].dtype());
                return batch_norm_inference(t[0], {t[1], t[2], mean, variance});
            }));
    }
}

void add_layer_norm_cases(std::vector<OpCase>& cases) {
    for (const Shape& shape : normalized) {
        const Shape channels{shape[-1]};
        if (shape[-1] > 1)  // of a single number nothing is left
            cases.push_back(make_case("layer_norm", shape.str(), {{shape}, {channels}, {channels}},
                                      [](const Tensors& t) { return layer_norm(t[0], t[1], t[2]); }));
    }
    for (const Shape& shape : {Shape{3, 2}, Shape{2, 3, 17}})
        cases.push_back(make_case("layer_norm", fmt::format("{}, neither scaled nor shifted", shape), {{shape}},
                                  [](const Tensors& t) { return layer_norm(t[0], {}, {}); }));

    const std::pair<Shape, std::int64_t> grouped[] = {
        {{1, 4}, 1},        {{3, 6}, 2},       {{2, 2, 2, 3}, 3},    {{2, 3, 5, 4}, 2},
        {{1, 4, 4, 3}, 1},  {{2, 3, 2, 6}, 3}, {{5, 2, 4}, 4},       {{1, 2, 1, 33}, 3},
        {{2, 1, 3, 17}, 1}, {{3, 2, 2, 5}, 5}, {{2, 2, 1, 2, 8}, 4},
    };
    for (const auto& [shape, groups] : grouped) {
        const Shape channels{shape[-1]};
        cases.push_back(
            make_case("group_norm", fmt::format("{} in {} groups", shape, groups), {{shape}, {channels}, {channels}},
                      [groups = groups](const Tensors& t) { return group_norm(t[0], groups, t[1], t[2]); }));
    }
}

struct DropoutCase {
    Shape x;
    double rate;
};
const DropoutCase dropouts[] = {
    {{}, 0.1},     {{1}, 0.5},   {{2, 3}, 0},       {{63}, 0.25},        {{64}, 0.5},      {{65}, 0.5},
    {{7, 9}, 0.3}, {{50}, 0.99}, {{2, 3, 5}, 0.01}, {{2, 4, 4, 3}, 0.2}, {{1, 1, 1}, 0.4},
};

void add_dropout_cases(std::vector<OpCase>& cases) {
    for (const auto& [shape, rate] : dropouts)
        cases.push_back(
            make_case("dropout", fmt::format("{}, rate {}", shape, rate), {{shape}}, [rate = rate](const Tensors& x) {
                return dropout(x[0], rate, {11, stream_of(Purpose::dropout)});
            }));
}

}  // namespace

void detail::add_layer_cases(std::vector<OpCase>& cases) {
    add_matmul_cases(cases);
    add_dense_cases(cases);
    add_batch_norm_cases(cases);
    add_layer_norm_cases(cases);
    add_dropout_cases(cases);
}

}  // namespace cairn::ops
