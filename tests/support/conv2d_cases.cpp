// Convolutions: a grid of geometries, each through the forward kernel, both gradients and the fused kernels.
#include "support/kernel_cases.h"
#include "support/windows.h"

namespace cairn::test {

namespace {

struct Geometry {
    std::int64_t N, H, W, C, kh, kw, O;
    bool same;  // Keras' padding: same or valid
    std::int64_t sh = 1, sw = 1;
};

const std::vector<Geometry> geometries{
    {1, 1, 1, 1, 1, 1, 1, false},
    {1, 1, 1, 5, 3, 3, 3, true},  // the kernel is larger than the image
    {1, 2, 3, 3, 5, 5, 5, true},
    {1, 3, 3, 1, 3, 3, 1, false},  // one output place
    {2, 5, 7, 3, 3, 3, 5, true},
    {2, 5, 7, 3, 3, 3, 5, false},
    {1, 8, 8, 3, 3, 3, 32, true},
    {7, 8, 8, 32, 3, 3, 64, true},    // a second layer; images shared out among threads
    {2, 20, 20, 64, 3, 3, 16, true},  // patches that exceed a cache
    {1, 6, 6, 64, 3, 3, 64, false},
    {3, 9, 9, 5, 5, 5, 3, true},
    {1, 9, 9, 1, 5, 5, 32, false},
    {2, 8, 8, 3, 3, 3, 5, true, 2, 2},    // pads 0 before and 1 after
    {2, 9, 9, 5, 3, 3, 3, true, 2, 2},    // pads 1 and 1
    {2, 8, 10, 5, 3, 3, 3, false, 2, 2},  // the last column is never seen
    {2, 12, 12, 3, 5, 5, 4, true, 2, 2},  // pads 1 and 2
    {2, 7, 9, 3, 2, 3, 5, true},          // even height: pads 0 and 1
    {2, 7, 9, 3, 2, 3, 5, false, 2, 1},
    {1, 8, 8, 5, 2, 3, 3, true, 1, 2},
    {2, 6, 6, 5, 1, 1, 3, true, 2, 2},  // a shortcut of a residual block
    {1, 7, 7, 64, 1, 1, 32, false},
    {5, 4, 4, 3, 1, 1, 64, true},
    {2, 8, 8, 3, 2, 2, 3, false, 3, 3},  // gaps between the windows: dx is 0 there
    {1, 5, 5, 63, 3, 3, 65, true},
    {5, 7, 6, 17, 3, 3, 19, true},  // tiles of 2 x 2 and of 4 x 4 that are partly outside; vectors that are not full
    {3, 7, 6, 19, 3, 3, 17, false},
    {9, 3, 3, 40, 3, 3, 16, true},
    {4, 4, 4, 33, 3, 3, 31, true},
    {3, 1, 65, 3, 1, 3, 5, true},    // one row
    {2, 32, 32, 3, 3, 3, 32, true},  // the first layer of the CIFAR-10 models
};

// What the cpu computes by tiles, of images (N, H, W, channels) and of kernels (3, 3, C, O).
std::optional<Tile> tiles(const Shape& kernel, const Window& window, const Tile& tile) {
    const bool by_tiles = kernel[0] == 3 && kernel[1] == 3 && window.stride_h == 1 && window.stride_w == 1 &&
                          kernel[2] >= 16 && kernel[3] >= 16;
    return by_tiles ? std::optional(tile) : std::nullopt;
}
constexpr Tile of_output{1, 1, 2}, of_input_gradient{1, 3, 2}, of_kernel_gradient{0, 2, 8};

Output convolved_image(const Shape& shape, std::int64_t terms, const Shape& kernel, const Window& window) {
    return {"y", shape, sum_of(terms), {}, {}, tiles(kernel, window, of_output)};
}

Output input_gradient(const Shape& shape, std::int64_t terms, const Shape& kernel, const Window& window) {
    return {"dx", shape, sum_of(terms), {}, {}, tiles(kernel, window, of_input_gradient)};
}

Output kernel_gradient(const Shape& kernel, std::int64_t terms, const Window& window) {
    return {"dkernel", kernel, sum_of(terms), {}, {}, tiles(kernel, window, of_kernel_gradient)};
}

void add_fused(KernelCases& cases, Draw& draw, const std::string& where, const Shape& x, const Shape& kernel,
               const Shape& y, const Window& window) {
    const Shape bias{y[-1]};
    const std::int64_t terms = kernel[0] * kernel[1] * kernel[2], places = y.size() / y[-1];
    for (const bool relu : {false, true}) {
        const std::string name = relu ? " relu" : "";
        // With absolute values ReLU changes nothing, so the same call yields the sum of the absolute terms.
        cases.push_back({"conv2d_bias_activation bias" + name + where,
                         {draw.normal(x), draw.normal(kernel), draw.normal(bias)},
                         {convolved_image(y, terms + 1, kernel, window)},
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.conv2d_bias_activation({in[0], in[1], in[2], window, y, relu}, out[0]);
                         }});
        cases.push_back({"conv2d_bias_activation" + name + where,
                         {draw.normal(x), draw.normal(kernel)},
                         {convolved_image(y, terms, kernel, window)},
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.conv2d_bias_activation({in[0], in[1], {}, window, y, relu}, out[0]);
                         }});

        // y is an input, made once: both types see the same mask. Bit 0 of `wanted` asks for dx, 1 dkernel, 2 dbias.
        // All subsets for small images; for the others all three, or what the first layer of a model asks for.
        for (int wanted = 1; wanted < 8; ++wanted) {
            if (x.size() > 1000 && wanted != 7 && wanted != 6) continue;
            std::vector<Output> outputs;
            if (wanted & 1) outputs.push_back(input_gradient(x, kernel[0] * kernel[1] * kernel[3], kernel, window));
            if (wanted & 2) outputs.push_back(kernel_gradient(kernel, places, window));
            if (wanted & 4) outputs.push_back({"dbias", bias, sum_of(places)});
            cases.push_back(
                {fmt::format("conv2d_backward{}{}{}{}{}", name, wanted & 1 ? " dx" : "", wanted & 2 ? " dkernel" : "",
                             wanted & 4 ? " dbias" : "", where),
                 {draw.normal(x), draw.normal(kernel), draw.relu(y), draw.normal(y)},
                 outputs,
                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                     const auto [dx, dkernel, dbias] = wanted_outputs<3>(wanted, out);
                     device.conv2d_backward({in[0], in[1], {}, window, y, relu}, in[2], in[3], {dx, dkernel, dbias});
                 }});
        }
    }
}

// The pooled convolution. Only its y is compared: where float32 rounds two values to a tie, another argmax is as right.
// Its gradients get an argmax from outside.
void add_pooled(KernelCases& cases, Draw& draw, const std::string& where, const Shape& x, const Shape& kernel,
                const Shape& convolved, const Window& window) {
    for (const auto& [size, stride] : std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 2}, {3, 2}}) {
        if (convolved[1] < size || convolved[2] < size) continue;
        const Axis rows = slide(convolved[1], size, stride, false), columns = slide(convolved[2], size, stride, false);
        const Window pool{size, size, stride, stride, 0, 0};
        const Shape y{convolved[0], rows.places, columns.places, convolved[3]}, bias{y[-1]};
        const std::int64_t terms = kernel[0] * kernel[1], overlap = size > stride ? 4 : 1;
        for (const bool relu : {false, true}) {
            const std::string name = relu ? " relu" : "";
            const std::string full = fmt::format("{} pool {} stride {}{}", name, size, stride, where);
            cases.push_back(
                {"conv2d_max_pool2d" + full,
                 {draw.normal(x), draw.normal(kernel), draw.normal(bias)},
                 {convolved_image(y, terms * kernel[2] + 1, kernel, window)},
                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                     device.conv2d_max_pool2d({in[0], in[1], in[2], window, convolved, relu}, {pool, out[0]});
                 }});
            Input argmax = draw.classes(y, static_cast<std::uint32_t>(size * size));
            argmax.dtype = DType::int32;
            for (const bool with_dx : {true, false}) {
                std::vector<Output> outputs{kernel_gradient(kernel, y.size() / y[-1], window),
                                            {"dbias", bias, sum_of(y.size() / y[-1])}};
                if (with_dx) outputs.push_back(input_gradient(x, terms * kernel[3] * overlap, kernel, window));
                cases.push_back({"conv2d_max_pool2d_backward" + full + (with_dx ? "" : " without dx"),
                                 {draw.normal(x), draw.normal(kernel), draw.relu(y), argmax, draw.normal(y)},
                                 outputs,
                                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                                     device.conv2d_max_pool2d_backward({in[0], in[1], {}, window, convolved, relu},
                                                                       {pool, in[2], in[3]}, in[4],
                                                                       {with_dx ? out[2] : Tensor(), out[0], out[1]});
                                 }});
            }
        }
    }
}

// The gradients of the normalized convolution. z, mean and variance are inputs: the formulas hold for any, and both types see
// the same mask. dx and dkernel are sums of quotients of sums, so they are compared by norm.
void add_normalized(KernelCases& cases, Draw& draw, const std::string& where, const Shape& x, const Shape& kernel,
                    const Shape& z, const Window& window) {
    const Shape channels{z[-1]};
    for (const bool relu : {false, true}) {
        const std::string name = relu ? " relu" : "";
        for (const int wanted : {31, 30, 6, 25, 24}) {  // bit 0 asks for dx, 1 dkernel, 2 dbias, 3 dgamma, 4 dbeta
            std::vector<Output> outputs;
            if (wanted & 1) outputs.push_back({"dx", x, by_norm()});
            if (wanted & 2) outputs.push_back({"dkernel", kernel, by_norm()});
            if (wanted & 4) outputs.push_back({"dbias", channels, by_norm()});
            if (wanted & 8) outputs.push_back({"dgamma", channels, by_norm()});
            if (wanted & 16) outputs.push_back({"dbeta", channels, sum_of(z.size() / z[-1])});
            cases.push_back({fmt::format("conv2d_batch_norm_backward{} wanted {:05b}{}", name, wanted, where),
                             {draw.normal(x), draw.normal(kernel), draw.relu(z), draw.normal(channels, 1.5, 0.5),
                              draw.uniform(channels, 0.5, 4), draw.normal(channels, 1), draw.normal(z, 0.5)},
                             outputs,
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 const auto [dx, dkernel, dbias, dgamma, dbeta] = wanted_outputs<5>(wanted, out);
                                 device.conv2d_batch_norm_backward({in[0], in[1], {}, window, z, relu}, in[2],
                                                                   {in[3], in[4], in[5]}, in[6], {dx, dkernel, dbias},
                                                                   {{}, dgamma, dbeta});
                             }});
        }
    }
}

}  // namespace

KernelCases conv2d_cases() {
    KernelCases cases;
    Draw draw(4);
    for (const Geometry& g : geometries) {
        const Axis rows = slide(g.H, g.kh, g.sh, g.same), columns = slide(g.W, g.kw, g.sw, g.same);
        const Window window{g.kh, g.kw, g.sh, g.sw, rows.before, columns.before};
        const Shape x{g.N, g.H, g.W, g.C}, kernel{g.kh, g.kw, g.C, g.O}, y{g.N, rows.places, columns.places, g.O};
        const std::string where =
            fmt::format(" {} kernel {} {} strides {} {}", x, kernel, g.same ? "same" : "valid", g.sh, g.sw);

        cases.push_back({"conv2d" + where,
                         {draw.normal(x), draw.normal(kernel)},
                         {convolved_image(y, g.kh * g.kw * g.C, kernel, window)},
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.conv2d(in[0], in[1], window, out[0]);
                         }});
        cases.push_back({"conv2d_input_gradient" + where,
                         {draw.normal(y), draw.normal(kernel)},
                         {input_gradient(x, g.kh * g.kw * g.O, kernel, window)},
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.conv2d_input_gradient(in[0], in[1], window, out[0]);
                         }});
        cases.push_back({"conv2d_kernel_gradient" + where,
                         {draw.normal(x), draw.normal(y)},
                         {kernel_gradient(kernel, g.N * rows.places * columns.places, window)},
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.conv2d_kernel_gradient(in[0], in[1], window, out[0]);
                         }});
        add_fused(cases, draw, where, x, kernel, y, window);
        add_pooled(cases, draw, where, x, kernel, y, window);
        add_normalized(cases, draw, where, x, kernel, y, window);
    }
    return cases;
}

}  // namespace cairn::test
