// Convolutions with the pooling behind them, in one kernel.
#include "cairn/backend/devices.h"
#include "support/convolutions.h"
#include "support/windows.h"

#include <algorithm>
#include <limits>

namespace cairn::test {

namespace {

// A convolution, ReLU or nothing, and a pooling of that.
struct Pooled {
    Convolved convolution;
    bool relu;
    Window pool;
    Shape y;
    std::string where;

    Convolution layer(const Tensors& in, const Tensor& bias) const {
        return convolution.layer(in[0], in[1], bias, relu);
    }
};

// The poolings that fit: windows of 2 x 2, which have kernels of their own, overlapping ones and, for small images, windows
// whose two sizes, strides and paddings all differ.
std::vector<Pooled> poolings_of(const Convolved& c) {
    std::vector<Pooled> fitting;
    const Shape& z = c.y;
    const auto add = [&](std::int64_t h, std::int64_t w, std::int64_t sh, std::int64_t sw, bool same) {
        if (!same && (z[1] < h || z[2] < w)) return;
        const Axis rows = slide(z[1], h, sh, same), columns = slide(z[2], w, sw, same);
        for (const bool relu : {false, true})
            fitting.push_back({c,
                               relu,
                               {h, w, sh, sw, rows.before, columns.before},
                               {z[0], rows.outputs, columns.outputs, z[3]},
                               fmt::format("{} pool {} {} strides {} {}{}{}", relu ? " relu" : "", h, w, sh, sw,
                                           same ? " same" : "", c.where)});
    };
    add(2, 2, 2, 2, false);
    add(3, 3, 2, 2, false);
    if (z.size() < 1000) add(3, 4, 2, 1, true);
    if (z.size() < 1000 && z[1] % 2 == 1) add(2, 2, 2, 2, true);  // the last row's windows reach beyond the image
    return fitting;
}

// picked = the elements of z that an argmax names, which should be the maxima; NaN for one outside of the image.
void pick(const Tensor& z, const Tensor& argmax, const Window& pool, const Tensor& picked) {
    const std::vector<std::int32_t> winners = argmax.to_vector<std::int32_t>();
    const std::int64_t OH = picked.dim(1), OW = picked.dim(2), C = picked.dim(3), H = z.dim(1), W = z.dim(2);
    with_float(z.dtype(), [&]<typename T>() {
        const std::vector<T> values = z.to_vector<T>();
        std::vector<T> found(winners.size(), std::numeric_limits<T>::quiet_NaN());
        for (std::size_t k = 0; k < winners.size(); ++k) {
            const auto at = static_cast<std::int64_t>(k);
            const std::int64_t n = at / (OH * OW * C), i = at / (OW * C) % OH, j = at / C % OW;
            const std::int64_t row = i * pool.stride_h - pool.pad_top + winners[k] / pool.window_w;
            const std::int64_t column = j * pool.stride_w - pool.pad_left + winners[k] % pool.window_w;
            const bool inside = winners[k] >= 0 && winners[k] < pool.window_h * pool.window_w && row >= 0 && row < H &&
                                column >= 0 && column < W;
            if (inside) found[k] = values[static_cast<std::size_t>(((n * H + row) * W + column) * C + at % C)];
        }
        picked.upload(found.data());
    });
}

// The pooled convolution, with its argmax and without. Where float32 rounds two values to a tie, another argmax is as right:
// what is compared is the value that it names. Of small whole numbers nothing is rounded, whatever the algorithm, and the first
// of equal maxima must be named.
void add_forward(KernelCases& cases, Draw& draw, const Pooled& p) {
    const Convolved& c = p.convolution;
    const Output y = convolved_image(c, p.y, c.terms() + 1);
    const Input images = draw.normal(c.x), kernels = draw.normal(c.kernel), biases = draw.normal({c.kernel[3]});
    cases.push_back({"conv2d_max_pool2d without argmax" + p.where,
                     {images, kernels, biases},
                     {y},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         device.conv2d_max_pool2d(p.layer(in, in[2]), {p.pool, out[0]});
                     }});
    Output picked = y;
    picked.name = "z at the argmax";
    cases.push_back({"conv2d_max_pool2d" + p.where,
                     {images, kernels, biases},
                     {y, picked},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         const Tensor z = empty(c.y, out[0].dtype(), device.device());
                         const Tensor argmax = empty(p.y, DType::int32, device.device());
                         device.conv2d_bias_activation(p.layer(in, in[2]), z);
                         device.conv2d_max_pool2d(p.layer(in, in[2]), {p.pool, out[0], argmax});
                         pick(z, argmax, p.pool, out[1]);
                     }});
    Input signs = draw.integers(c.kernel, 3);
    for (double& sign : signs.values) --sign;  // -1, 0, 1
    const std::vector<Output> with_argmax{{"y", p.y, exact()}, {"argmax", p.y, exact(), {}, DType::int32}};
    const auto run = [=](Backend& device, const Tensors& in, const Tensors& out) {
        device.conv2d_max_pool2d(p.layer(in, {}), {p.pool, out[0], out[1]});
    };
    cases.push_back({"conv2d_max_pool2d of whole numbers" + p.where, {draw.integers(c.x, 3), signs}, with_argmax, run});
    // Every maximum is NaN, and the first element of its window is the first NaN.
    if (c.kernel[2] > 1)
        cases.push_back({"conv2d_max_pool2d of an infinite kernel" + p.where,
                         {signs_by_channel(c.x), infinite(c.kernel)},
                         with_argmax,
                         run});
}

// For every window of a pooling any element inside of the image.
Input argmax_inside(Draw& draw, const Pooled& p) {
    const Window& pool = p.pool;
    const Shape &y = p.y, &z = p.convolution.y;
    Input argmax = draw.classes(y, static_cast<std::uint32_t>(pool.window_h * pool.window_w));
    for (std::size_t k = 0; k < argmax.values.size(); ++k) {
        const auto at = static_cast<std::int64_t>(k), drawn = static_cast<std::int64_t>(argmax.values[k]);
        const std::int64_t top = at / (y[2] * y[3]) % y[1] * pool.stride_h - pool.pad_top;
        const std::int64_t left = at / y[3] % y[2] * pool.stride_w - pool.pad_left;
        const std::int64_t row = std::clamp<std::int64_t>(top + drawn / pool.window_w, 0, z[1] - 1);
        const std::int64_t column = std::clamp<std::int64_t>(left + drawn % pool.window_w, 0, z[2] - 1);
        argmax.values[k] = static_cast<double>((row - top) * pool.window_w + column - left);
    }
    return argmax;
}

// The gradients get an argmax from outside.
void add_backward(KernelCases& cases, Draw& draw, const Pooled& p) {
    const Convolved& c = p.convolution;
    const std::int64_t windows_of_a_pixel = ((p.pool.window_h + p.pool.stride_h - 1) / p.pool.stride_h) *
                                            ((p.pool.window_w + p.pool.stride_w - 1) / p.pool.stride_w);
    const std::int64_t outputs_per_channel = p.y.size() / p.y[-1];
    const Input argmax = argmax_inside(draw, p);
    for (const bool with_dx : {true, false}) {
        std::vector<Output> outputs{kernel_gradient(c, outputs_per_channel),
                                    {"dbias", {p.y[-1]}, sum_of(outputs_per_channel)}};
        if (with_dx) outputs.push_back(input_gradient(c, c.kernel[0] * c.kernel[1] * c.kernel[3] * windows_of_a_pixel));
        cases.push_back({"conv2d_max_pool2d_backward" + p.where + (with_dx ? "" : " without dx"),
                         {draw.normal(c.x), draw.normal(c.kernel), draw.relu(p.y), argmax, draw.normal(p.y)},
                         outputs,
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.conv2d_max_pool2d_backward(p.layer(in, {}), {p.pool, in[2], in[3]}, in[4],
                                                               {with_dx ? out[2] : Tensor(), out[0], out[1]});
                         }});
    }
}

// A model whose kernel has become infinite must not show a loss that looks like one: NaN passes ReLU, the maxima, a dense layer
// with ReLU and the softmax.
void add_loss_of_infinite_kernel(KernelCases& cases, const Pooled& p) {
    const std::int64_t N = p.y[0], features = p.y.size() / N, classes = 10;
    cases.push_back({"loss of an infinite kernel" + p.where,
                     {signs_by_channel(p.convolution.x),
                      infinite(p.convolution.kernel),
                      signs_by_channel({features, classes}),
                      {{N}, std::vector<double>(static_cast<std::size_t>(N), 3), DType::int32}},
                     {{"loss", {}, exact()}},
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         const Tensor y = empty(p.y, out[0].dtype(), device.device());
                         const Tensor logits = empty({N, classes}, out[0].dtype(), device.device());
                         device.conv2d_max_pool2d(p.layer(in, {}), {p.pool, y});
                         device.dense({y.view({N, features}), in[2], {}, true}, logits);
                         device.softmax_cross_entropy(logits, in[3], out[0]);
                     }});
}

}  // namespace

KernelCases conv2d_max_pool2d_cases_of(Draw& draw, const std::vector<Convolved>& all) {
    KernelCases cases;
    for (const Convolved& c : all)
        for (const Pooled& p : poolings_of(c)) {
            add_forward(cases, draw, p);
            add_backward(cases, draw, p);
            if (p.relu && c.kernel[2] > 1) add_loss_of_infinite_kernel(cases, p);
        }
    return cases;
}

KernelCases conv2d_max_pool2d_cases(ConvolutionAlgorithm algorithm) {
    Draw draw(9);
    return conv2d_max_pool2d_cases_of(draw, convolutions(algorithm));
}

}  // namespace cairn::test
