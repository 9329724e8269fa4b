#include "cairn/ops/window_cases.h"

namespace cairn::ops {

std::string detail::window_name(const Pair& size, Padding padding, const Pair& strides) {
    std::string name = fmt::format("{}x{} {}", size[0], size[1], padding == Padding::same ? "same" : "valid");
    if (strides[0] != strides[1]) name += fmt::format(", stride {}x{}", strides[0], strides[1]);
    else if (strides[0] != 1) name += fmt::format(", stride {}", strides[0]);
    return name;
}

std::string detail::ConvolutionCase::name() const {
    std::string name = window_name(size, padding, strides);
    if (dilation_rate != Pair{1, 1}) name += fmt::format(", dilation {}x{}", dilation_rate[0], dilation_rate[1]);
    if (groups != 1) name += fmt::format(", {} groups", groups);
    return fmt::format("{}, {} -> {}{}", name, x, outputs, suffix(bias, relu));
}

namespace {

using detail::ConvolutionCase;
using detail::Pair;
using detail::same;
using detail::valid;

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
    // dilation
    {.x = {1, 5, 6, 2}, .size = {3, 2}, .outputs = 2, .padding = same, .dilation_rate = {2, 3}},
    {.x = {2, 7, 5, 1}, .size = {3, 3}, .outputs = 2, .dilation_rate = {3, 2}, .relu = true},
    {.x = {1, 8, 7, 3}, .size = {2, 3}, .outputs = 2, .strides = {2, 1}, .padding = same, .dilation_rate = {3, 2}},
    {.x = {1, 1, 1, 2}, .size = {3, 3}, .outputs = 3, .padding = same, .dilation_rate = {2, 2}, .bias = false},
    {.x = {2, 4, 4, 1}, .size = {1, 1}, .outputs = 2, .dilation_rate = {3, 3}},  // nothing to dilate
    // groups
    {.x = {2, 4, 5, 4}, .size = {3, 3}, .outputs = 6, .padding = same, .groups = 2},
    {.x = {1, 5, 4, 6}, .size = {2, 2}, .outputs = 3, .strides = {2, 2}, .groups = 3, .relu = true},
    {.x = {1, 4, 4, 8}, .size = {2, 2}, .outputs = 4, .padding = same, .groups = 4, .bias = false},
    {.x = {2, 6, 5, 4}, .size = {3, 3}, .outputs = 2, .padding = same, .dilation_rate = {2, 1}, .groups = 2},
    {.x = {2, 5, 4, 3}, .size = {3, 3}, .outputs = 6, .padding = same, .groups = 3, .relu = true},
};

void add_conv2d_cases(std::vector<OpCase>& cases) {
    for (const ConvolutionCase& c : convolutions)
        cases.push_back(detail::make_case(
            "conv2d", c.name(), detail::layer_inputs(c.x, c.kernel(), c.bias),
            [options = c.options()](const Tensors& t) { return conv2d(t[0], t[1], detail::bias_of(t), options); }));
}

// outputs: of each channel.
const ConvolutionCase depthwise[] = {
    {.x = {1, 1, 1, 1}, .size = {1, 1}, .outputs = 1},
    {.x = {1, 1, 1, 3}, .size = {3, 3}, .outputs = 1, .padding = same},
    {.x = {2, 4, 5, 3}, .size = {3, 3}, .outputs = 1, .relu = true},
    {.x = {1, 5, 4, 2}, .size = {3, 3}, .outputs = 3, .padding = same},
    {.x = {1, 6, 7, 5}, .size = {3, 3}, .outputs = 1, .strides = {2, 2}, .padding = same, .relu = true},
    {.x = {1, 7, 6, 2}, .size = {2, 3}, .outputs = 2, .strides = {3, 2}, .bias = false},
    {.x = {1, 7, 8, 3}, .size = {3, 3}, .outputs = 1, .dilation_rate = {2, 3}},
    {.x = {2, 5, 5, 2}, .size = {3, 3}, .outputs = 2, .padding = same, .dilation_rate = {2, 2}, .relu = true},
    {.x = {1, 5, 5, 17}, .size = {1, 1}, .outputs = 1, .strides = {3, 3}, .padding = same},
    {.x = {1, 3, 3, 33}, .size = {3, 3}, .outputs = 1, .padding = same},
    {.x = {1, 2, 3, 1}, .size = {5, 5}, .outputs = 4, .padding = same},  // one channel, a plain convolution
};

void add_depthwise_conv2d_cases(std::vector<OpCase>& cases) {
    for (const ConvolutionCase& c : depthwise) {
        std::vector<detail::Input> inputs{{c.x}, {c.kernel()}};
        if (c.bias) inputs.push_back({{c.x[3] * c.outputs}});
        cases.push_back(
            detail::make_case("depthwise_conv2d", c.name(), inputs, [options = c.options()](const Tensors& t) {
                return depthwise_conv2d(t[0], t[1], detail::bias_of(t), options);
            }));
    }
}

struct TransposedCase {
    Shape x;
    Pair size;
    std::int64_t outputs;
    TransposedConvolutionOptions options = {};
    bool bias = true;
};
const TransposedCase transposed[] = {
    {{1, 1, 1, 1}, {1, 1}, 1},
    {{1, 1, 1, 2}, {3, 3}, 2},
    {{2, 3, 4, 2}, {3, 2}, 3},
    {{2, 3, 2, 3}, {3, 3}, 1, {.padding = same}},
    {{1, 3, 4, 2}, {2, 2}, 3, {.strides = {2, 2}}, false},
    {{1, 4, 3, 1}, {3, 3}, 2, {.strides = {2, 3}, .padding = same}},
    {{2, 3, 3, 2}, {1, 1}, 2, {.strides = {3, 2}}},  // strides beyond the window
    {{1, 3, 2, 1}, {3, 3}, 2, {.strides = {2, 2}, .output_padding = {1, 0}}},
    {{1, 3, 2, 2}, {3, 3}, 1, {.strides = {3, 2}, .padding = same, .output_padding = {1, 0}}, false},
    {{1, 3, 3, 2}, {3, 2}, 2, {.dilation_rate = {2, 3}}},
    {{1, 2, 3, 5}, {3, 3}, 17, {.padding = same, .dilation_rate = {2, 2}}},
};

void add_conv2d_transpose_cases(std::vector<OpCase>& cases) {
    for (const auto& [x, size, outputs, options, bias] : transposed) {
        std::vector<detail::Input> inputs{{x}, {{size[0], size[1], outputs, x[3]}}};
        if (bias) inputs.push_back({{outputs}});
        const auto& [dilation_h, dilation_w] = options.dilation_rate;
        cases.push_back(detail::make_case(
            "conv2d_transpose",
            fmt::format("{}, dilation {}x{}, output padding ({}, {}), {} -> {}{}",
                        detail::window_name(size, options.padding, options.strides), dilation_h, dilation_w,
                        options.output_padding[0], options.output_padding[1], x, outputs, detail::suffix(bias, false)),
            inputs, [options = options](const Tensors& t) {
                return conv2d_transpose(t[0], t[1], detail::bias_of(t), options);
            }));
    }
}

}  // namespace

void detail::add_convolution_cases(std::vector<OpCase>& cases) {
    add_conv2d_cases(cases);
    add_depthwise_conv2d_cases(cases);
    add_conv2d_transpose_cases(cases);
}

}  // namespace cairn::ops
