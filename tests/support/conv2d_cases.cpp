// Convolutions: each through the forward kernel, both gradients and the fused kernels, but for the pooled one.
#include "support/convolutions.h"

namespace cairn::test {

namespace {

// The primitives, which leave the algorithm to the device.
void add_primitives(KernelCases& cases, Draw& draw, Convolved c) {
    c.algorithm = ConvolutionAlgorithm::automatic;
    cases.push_back({"conv2d" + c.where,
                     {draw.normal(c.x), draw.normal(c.kernel)},
                     {convolved_image(c, c.y, c.terms())},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d(in[0], in[1], c.window, out[0]);
                     }});
    cases.push_back({"conv2d_input_gradient" + c.where,
                     {draw.normal(c.y), draw.normal(c.kernel)},
                     {input_gradient(c, c.kernel[0] * c.kernel[1] * c.kernel[3])},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d_input_gradient(in[0], in[1], c.window, out[0]);
                     }});
    cases.push_back({"conv2d_kernel_gradient" + c.where,
                     {draw.normal(c.x), draw.normal(c.y)},
                     {kernel_gradient(c, c.y.size() / c.y[-1])},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d_kernel_gradient(in[0], in[1], c.window, out[0]);
                     }});
}

// With absolute values ReLU changes nothing, so the same call yields the sum of the absolute terms.
void add_forward(KernelCases& cases, Draw& draw, const Convolved& c, bool relu) {
    const std::string what = (relu ? " relu" : "") + c.where;
    cases.push_back({"conv2d_bias_activation bias" + what,
                     {draw.normal(c.x), draw.normal(c.kernel), draw.normal({c.y[-1]})},
                     {convolved_image(c, c.y, c.terms() + 1)},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d_bias_activation(c.layer(in[0], in[1], in[2], relu), out[0]);
                     }});
    cases.push_back({"conv2d_bias_activation" + what,
                     {draw.normal(c.x), draw.normal(c.kernel)},
                     {convolved_image(c, c.y, c.terms())},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d_bias_activation(c.layer(in[0], in[1], {}, relu), out[0]);
                     }});
}

// A kernel that has diverged: ReLU passes NaN on.
void add_infinite_kernel(KernelCases& cases, const Convolved& c) {
    if (c.kernel[2] < 2) return;
    cases.push_back({"conv2d_bias_activation relu of an infinite kernel" + c.where,
                     {signs_by_channel(c.x), infinite(c.kernel)},
                     {{"y", c.y, exact()}},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d_bias_activation(c.layer(in[0], in[1], {}, true), out[0]);
                     }});
}

// y is an input, made once: both types see the same mask. Bit 0 of `wanted` asks for dx, 1 dkernel, 2 dbias. All subsets for
// small images; for the others all three, or what the first layer of a model asks for.
void add_backward(KernelCases& cases, Draw& draw, const Convolved& c, bool relu) {
    const std::int64_t outputs_per_channel = c.y.size() / c.y[-1];
    for (int wanted = 1; wanted < 8; ++wanted) {
        if (c.x.size() > 1000 && wanted != 7 && wanted != 6) continue;
        std::vector<Output> outputs;
        if (wanted & 1) outputs.push_back(input_gradient(c, c.kernel[0] * c.kernel[1] * c.kernel[3]));
        if (wanted & 2) outputs.push_back(kernel_gradient(c, outputs_per_channel));
        if (wanted & 4) outputs.push_back({"dbias", {c.y[-1]}, sum_of(outputs_per_channel)});
        cases.push_back(
            {fmt::format("conv2d_backward{}{}{}{}{}", relu ? " relu" : "", wanted & 1 ? " dx" : "",
                         wanted & 2 ? " dkernel" : "", wanted & 4 ? " dbias" : "", c.where),
             {draw.normal(c.x), draw.normal(c.kernel), draw.relu(c.y), draw.normal(c.y)},
             outputs,
             [=](Backend& device, const Tensors& in, const Tensors& out) {
                 const auto [dx, dkernel, dbias] = wanted_outputs<3>(wanted, out);
                 device.conv2d_backward(c.layer(in[0], in[1], {}, relu), in[2], in[3], {dx, dkernel, dbias});
             }});
    }
}

// The gradients of the normalized convolution. z, mean and variance are inputs: the formulas hold for any, and both types see
// the same mask. dx and dkernel are sums of quotients of sums, so they are compared by norm.
void add_normalized(KernelCases& cases, Draw& draw, const Convolved& c, bool relu) {
    const Shape &z = c.y, channels{z[-1]};
    for (const int wanted : {31, 30, 6, 25, 24}) {  // bit 0 asks for dx, 1 dkernel, 2 dbias, 3 dgamma, 4 dbeta
        std::vector<Output> outputs;
        if (wanted & 1) outputs.push_back({"dx", c.x, by_norm()});
        if (wanted & 2) outputs.push_back({"dkernel", c.kernel, by_norm()});
        if (wanted & 4) outputs.push_back({"dbias", channels, by_norm()});
        if (wanted & 8) outputs.push_back({"dgamma", channels, by_norm()});
        if (wanted & 16) outputs.push_back({"dbeta", channels, sum_of(z.size() / z[-1])});
        cases.push_back(
            {fmt::format("conv2d_batch_norm_backward{} wanted {:05b}{}", relu ? " relu" : "", wanted, c.where),
             {draw.normal(c.x), draw.normal(c.kernel), draw.relu(z), draw.normal(channels, 1.5, 0.5),
              draw.uniform(channels, 0.5, 4), draw.normal(channels, 1), draw.normal(z, 0.5)},
             outputs,
             [=](Backend& device, const Tensors& in, const Tensors& out) {
                 const auto [dx, dkernel, dbias, dgamma, dbeta] = wanted_outputs<5>(wanted, out);
                 device.conv2d_batch_norm_backward(c.layer(in[0], in[1], {}, relu), in[2], {in[3], in[4], in[5]}, in[6],
                                                   {dx, dkernel, dbias}, {{}, dgamma, dbeta});
             }});
    }
}

}  // namespace

KernelCases conv2d_cases_of(Draw& draw, const std::vector<Convolved>& all) {
    KernelCases cases;
    for (const Convolved& c : all) {
        add_primitives(cases, draw, c);
        add_infinite_kernel(cases, c);
        for (const bool relu : {false, true}) {
            add_forward(cases, draw, c, relu);
            add_backward(cases, draw, c, relu);
            add_normalized(cases, draw, c, relu);
        }
    }
    return cases;
}

KernelCases conv2d_cases(ConvolutionAlgorithm algorithm) {
    Draw draw(4);
    return conv2d_cases_of(draw, convolutions(algorithm));
}

}  // namespace cairn::test
