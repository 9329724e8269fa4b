#include "cairn/backend/devices.h"
#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

using detail::draw;
using detail::Input;
using detail::make_case;
using detail::Values;

constexpr Padding valid = Padding::valid, same = Padding::same;

const char* suffix(bool bias, bool relu) {
    if (relu) return bias ? ", bias, relu" : ", relu";
    return bias ? ", bias" : "";
}

// x, kernel and, if there is one, the bias.
std::vector<Input> layer_inputs(const Shape& x, const Shape& kernel, bool bias) {
    std::vector<Input> inputs{{x}, {kernel}};
    if (bias) inputs.push_back({{kernel[-1]}});
    return inputs;
}

Tensor bias_of(const Tensors& x) { return x.size() > 2 ? x[2] : Tensor(); }

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

// ---- conv2d and max_pool2d ------------------------------------------------------------------------------------------
using Pair = std::array<std::int64_t, 2>;

std::string window_name(const Pair& size, Padding padding, const Pair& strides) {
    std::string name = fmt::format("{}x{} {}", size[0], size[1], padding == Padding::same ? "same" : "valid");
    if (strides[0] != strides[1]) name += fmt::format(", stride {}x{}", strides[0], strides[1]);
    else if (strides[0] != 1) name += fmt::format(", stride {}", strides[0]);
    return name;
}

struct ConvolutionCase {
    Shape x;
    Pair size;
    std::int64_t outputs;
    Pair strides = {1, 1};
    Padding padding = valid;
    bool bias = true;
    bool relu = false;
};
const ConvolutionCase convolutions[] = {
    {.x = {1, 1, 1, 1}, .size = {1, 1}, .outputs = 1},
    {.x = {1, 1, 1, 1}, .size = {3, 3}, .outputs = 2, .padding = same},  // most of the window is padding
    {.x = {2, 4, 4, 3}, .size = {3, 3}, .outputs = 2, .relu = true},
    {.x = {1, 5, 5, 2}, .size = {3, 3}, .outputs = 3, .padding = same, .relu = true},
    {.x = {2, 3, 5, 2}, .size = {1, 1}, .outputs = 3, .bias = false},
    {.x = {2, 5, 3, 1}, .size = {1, 1}, .outputs = 2, .strides = {2, 2}, .padding = same, .bias = false},  // a shortcut
    {.x = {1, 7, 9, 3}, .size = {3, 3}, .outputs = 5, .strides = {2, 2}, .padding = same},
    {.x = {1, 6, 6, 2}, .size = {3, 3}, .outputs = 2, .strides = {2, 2}, .padding = same},  // padded behind only
    {.x = {2, 5, 4, 1}, .size = {2, 2}, .outputs = 2, .padding = same, .relu = true},
    {.x = {1, 6, 5, 2}, .size = {4, 2}, .outputs = 2, .padding = same},    // 1 row before, 2 behind
    {.x = {1, 7, 6, 1}, .size = {3, 2}, .outputs = 2, .strides = {2, 3}},  // a column at the border is never seen
    {.x = {1, 7, 8, 1}, .size = {2, 3}, .outputs = 2, .strides = {3, 1}, .padding = same, .relu = true},
    {.x = {1, 5, 5, 1}, .size = {1, 1}, .outputs = 1, .strides = {3, 3}, .padding = same},  // stride beyond the window
    {.x = {3, 3, 3, 2}, .size = {3, 3}, .outputs = 4, .bias = false},                       // the window is the image
    {.x = {1, 6, 6, 1}, .size = {5, 5}, .outputs = 1, .padding = same, .bias = false, .relu = true},
    {.x = {1, 1, 65, 1}, .size = {1, 3}, .outputs = 1, .padding = same},
    {.x = {1, 2, 2, 63}, .size = {1, 1}, .outputs = 1},
    {.x = {1, 2, 2, 1}, .size = {2, 2}, .outputs = 64, .bias = false},
    {.x = {1, 3, 5, 16},
     .size = {3, 3},
     .outputs = 16,
     .padding = same,
     .relu = true},  // by Winograd's tiles on the cpu
};

void add_conv2d_cases(std::vector<OpCase>& cases) {
    for (const ConvolutionCase& c : convolutions) {
        const Shape kernel{c.size[0], c.size[1], c.x[3], c.outputs};
        const ConvolutionOptions options{.strides = c.strides, .padding = c.padding, .relu = c.relu};
        cases.push_back(make_case("conv2d",
                                  fmt::format("{}, {} -> {}{}", window_name(c.size, c.padding, c.strides), c.x,
                                              c.outputs, suffix(c.bias, c.relu)),
                                  layer_inputs(c.x, kernel, c.bias),
                                  [options](const Tensors& t) { return conv2d(t[0], t[1], bias_of(t), options); }));
    }
}

// A convolution and the pooling of its output.
struct PooledConvolution {
    ConvolutionCase convolution;
    PoolingOptions pooling;
};
const PooledConvolution pooled_convolutions[] = {
    {{.x = {1, 1, 1, 1}, .size = {1, 1}, .outputs = 1}, {.pool_size = {1, 1}}},
    {{.x = {2, 4, 4, 2}, .size = {3, 3}, .outputs = 3, .padding = same, .relu = true}, {}},
    {{.x = {2, 6, 6, 2}, .size = {3, 3}, .outputs = 3, .relu = true}, {}},
    {{.x = {1, 5, 7, 1}, .size = {3, 3}, .outputs = 2, .padding = same}, {}},  // an odd row and column are left over
    {{.x = {1, 5, 7, 1}, .size = {3, 3}, .outputs = 2, .padding = same}, {.padding = same}},
    {{.x = {1, 7, 7, 2}, .size = {3, 3}, .outputs = 2, .relu = true}, {.pool_size = {3, 3}, .strides = {1, 1}}},
    {{.x = {1, 6, 6, 1}, .size = {2, 2}, .outputs = 2, .padding = same, .bias = false, .relu = true},
     {.pool_size = {3, 3}, .strides = {2, 2}, .padding = same}},
    {{.x = {1, 6, 6, 1}, .size = {5, 5}, .outputs = 1, .padding = same}, {.pool_size = {2, 3}}},
    {{.x = {1, 8, 8, 1}, .size = {3, 3}, .outputs = 2, .strides = {2, 2}, .padding = same, .relu = true}, {}},
    {{.x = {1, 3, 3, 1}, .size = {2, 2}, .outputs = 65}, {}},
    {{.x = {1, 2, 2, 63}, .size = {1, 1}, .outputs = 2, .bias = false}, {}},
    {{.x = {3, 1, 9, 2}, .size = {1, 3}, .outputs = 1, .relu = true}, {.pool_size = {1, 2}}},
};

void add_conv2d_max_pool2d_cases(std::vector<OpCase>& cases) {
    for (const auto& [c, pooling] : pooled_convolutions) {
        const Shape kernel{c.size[0], c.size[1], c.x[3], c.outputs};
        const ConvolutionOptions options{.strides = c.strides, .padding = c.padding, .relu = c.relu};
        cases.push_back(
            make_case("conv2d_max_pool2d",
                      fmt::format("{}, {} -> {}{}, pool {}", window_name(c.size, c.padding, c.strides), c.x, c.outputs,
                                  suffix(c.bias, c.relu), window_name(pooling.pool_size, pooling.padding, {1, 1})),
                      layer_inputs(c.x, kernel, c.bias), [options, pooling = pooling](const Tensors& t) {
                          return conv2d_max_pool2d(t[0], t[1], bias_of(t), options, pooling);
                      }));
    }
}

struct PoolingCase {
    Shape x;
    Pair size;
    Pair strides;
    Padding padding = valid;
};
const PoolingCase poolings[] = {
    {{1, 1, 1, 1}, {1, 1}, {1, 1}},        // nothing to choose
    {{2, 4, 4, 3}, {2, 2}, {2, 2}},        // windows side by side
    {{1, 5, 7, 2}, {2, 2}, {2, 2}},        // an odd row and column are left over
    {{1, 5, 7, 2}, {2, 2}, {2, 2}, same},  // and are not
    {{2, 5, 5, 1}, {3, 3}, {1, 1}},        // windows overlap
    {{2, 5, 5, 1}, {3, 3}, {1, 1}, same},  // windows overlap and are padded all around
    {{1, 7, 9, 3}, {3, 3}, {2, 2}, same},  // windows overlap by one
    {{1, 6, 6, 2}, {3, 2}, {2, 3}},        // windows overlap in one direction and skip pixels in the other
    {{1, 7, 5, 1}, {1, 1}, {3, 2}},        // windows of a single pixel
    {{1, 6, 4, 1}, {4, 2}, {1, 1}, same},  // more padding behind than before
    {{2, 3, 3, 2}, {3, 3}, {3, 3}},        // the window is the image
    {{1, 2, 2, 65}, {2, 2}, {2, 2}},       // many channels
    {{1, 64, 2, 1}, {2, 1}, {2, 1}},       // many rows
};

void add_max_pool2d_cases(std::vector<OpCase>& cases) {
    for (const PoolingCase& p : poolings) {
        const PoolingOptions options{.pool_size = p.size, .strides = p.strides, .padding = p.padding};
        cases.push_back(make_case("max_pool2d", fmt::format("{}, {}", window_name(p.size, p.padding, p.strides), p.x),
                                  {{p.x, Values::distinct}},
                                  [options](const Tensors& t) { return max_pool2d(t[0], options); }));
    }
}

// ---- batch_norm and dropout -----------------------------------------------------------------------------------------
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

// Normalized channels must not be constant: with one number each there is nothing left to differentiate.
const ConvolutionCase normalized_convolutions[] = {
    {.x = {2, 1, 1, 1}, .size = {1, 1}, .outputs = 1},
    {.x = {2, 4, 4, 2}, .size = {3, 3}, .outputs = 3, .padding = same, .relu = true},
    {.x = {2, 5, 6, 2}, .size = {3, 3}, .outputs = 3, .relu = true},
    {.x = {1, 5, 7, 1}, .size = {3, 3}, .outputs = 2, .padding = same},
    {.x = {1, 4, 6, 2}, .size = {2, 3}, .outputs = 2, .padding = same, .bias = false, .relu = true},
    {.x = {1, 6, 6, 1}, .size = {5, 5}, .outputs = 1, .padding = same, .bias = false},
    {.x = {2, 6, 6, 1}, .size = {3, 3}, .outputs = 2, .strides = {2, 2}, .padding = same, .relu = true},
    {.x = {1, 7, 6, 1}, .size = {3, 2}, .outputs = 2, .strides = {2, 3}},
    {.x = {1, 3, 3, 1}, .size = {2, 2}, .outputs = 65},
    {.x = {1, 2, 3, 63}, .size = {1, 1}, .outputs = 2, .bias = false},
    {.x = {64, 2, 1, 1}, .size = {2, 1}, .outputs = 2, .relu = true},
};

void add_conv2d_batch_norm_cases(std::vector<OpCase>& cases) {
    for (const ConvolutionCase& c : normalized_convolutions) {
        const Shape kernel{c.size[0], c.size[1], c.x[3], c.outputs}, channels{c.outputs};
        const ConvolutionOptions options{.strides = c.strides, .padding = c.padding, .relu = c.relu};
        std::vector<Input> inputs{{channels}, {channels}};
        for (const Input& input : layer_inputs(c.x, kernel, c.bias)) inputs.push_back(input);
        cases.push_back(
            make_case("conv2d_batch_norm_training",
                      fmt::format("{}, {} -> {}{}", window_name(c.size, c.padding, c.strides), c.x, c.outputs,
                                  suffix(c.bias, c.relu)),
                      inputs, [=](const Tensors& t) {
                          const Tensor mean = zeros(channels, t[0].dtype(), t[0].device());
                          const Tensor variance = full(channels, 1, t[0].dtype(), t[0].device());
                          const Tensor bias = t.size() > 4 ? t[4] : Tensor();
                          return conv2d_batch_norm_training(t[2], t[3], bias, options, {t[0], t[1], mean, variance});
                      }));
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
    add_conv2d_cases(cases);
    add_conv2d_max_pool2d_cases(cases);
    add_max_pool2d_cases(cases);
    add_batch_norm_cases(cases);
    add_conv2d_batch_norm_cases(cases);
    add_dropout_cases(cases);
}

}  // namespace cairn::ops
