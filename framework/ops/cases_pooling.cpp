#include "cairn/backend/devices.h"
#include "cairn/ops/window_cases.h"

namespace cairn::ops {

namespace {

using detail::ConvolutionCase;
using detail::layer_inputs;
using detail::make_case;
using detail::Pair;
using detail::same;
using detail::valid;
using detail::Values;
using detail::window_name;

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
    {{.x = {2, 5, 6, 4}, .size = {3, 3}, .outputs = 4, .padding = same, .groups = 2, .relu = true}, {}},
    {{.x = {1, 6, 5, 3}, .size = {3, 3}, .outputs = 3, .padding = same, .groups = 3}, {}},
    {{.x = {1, 7, 6, 2}, .size = {3, 3}, .outputs = 2, .padding = same, .dilation_rate = {2, 1}, .relu = true}, {}},
};

void add_conv2d_max_pool2d_cases(std::vector<OpCase>& cases) {
    for (const auto& [c, pooling] : pooled_convolutions)
        cases.push_back(make_case(
            "conv2d_max_pool2d",
            fmt::format("{}, pool {}", c.name(), window_name(pooling.pool_size, pooling.padding, {1, 1})),
            layer_inputs(c.x, c.kernel(), c.bias), [options = c.options(), pooling = pooling](const Tensors& t) {
                return conv2d_max_pool2d(t[0], t[1], detail::bias_of(t), options, pooling);
            }));
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

void add_pool2d_cases(std::vector<OpCase>& cases, const char* op, Values values,
                      Tensor (*pool)(const Tensor&, const PoolingOptions&)) {
    for (const PoolingCase& p : poolings) {
        const PoolingOptions options{.pool_size = p.size, .strides = p.strides, .padding = p.padding};
        cases.push_back(make_case(op, fmt::format("{}, {}", window_name(p.size, p.padding, p.strides), p.x),
                                  {{p.x, values}}, [=](const Tensors& t) { return pool(t[0], options); }));
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
    {.x = {2, 4, 4, 4}, .size = {3, 3}, .outputs = 6, .padding = same, .groups = 2, .relu = true},
    {.x = {2, 5, 4, 3}, .size = {3, 3}, .outputs = 3, .padding = same, .groups = 3},
    {.x = {1, 6, 6, 2}, .size = {3, 3}, .outputs = 2, .dilation_rate = {2, 2}, .relu = true},
};

void add_conv2d_batch_norm_cases(std::vector<OpCase>& cases) {
    for (const ConvolutionCase& c : normalized_convolutions) {
        const Shape channels{c.outputs};
        std::vector<detail::Input> inputs{{channels}, {channels}};
        for (const detail::Input& input : layer_inputs(c.x, c.kernel(), c.bias)) inputs.push_back(input);
        cases.push_back(make_case(
            "conv2d_batch_norm_training", c.name(), inputs, [channels, options = c.options()](const Tensors& t) {
                const Tensor mean = zeros(channels, t[0].dtype(), t[0].device());
                const Tensor variance = full(channels, 1, t[0].dtype(), t[0].device());
                const Tensor bias = t.size() > 4 ? t[4] : Tensor();
                return conv2d_batch_norm_training(t[2], t[3], bias, options, {t[0], t[1], mean, variance});
            }));
    }
}

}  // namespace

void detail::add_pooling_cases(std::vector<OpCase>& cases) {
    add_pool2d_cases(cases, "max_pool2d", Values::distinct, max_pool2d);
    add_pool2d_cases(cases, "average_pool2d", Values::normal, average_pool2d);
    add_conv2d_max_pool2d_cases(cases);
    add_conv2d_batch_norm_cases(cases);
}

}  // namespace cairn::ops
