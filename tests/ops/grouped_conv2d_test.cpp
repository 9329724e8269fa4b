// Convolutions with groups and dilation, transposed ones, average pooling and the normalizations of samples: what the table of
// cases cannot see.
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

using ops::Padding;

Tensor filled(const Shape& shape) { return full(shape, 1, DType::float64, Device::cpu()); }

// Draws an integer from low to high, both included.
std::int64_t between(RandomStream& random, std::int64_t low, std::int64_t high) {
    return low + random.below(static_cast<std::uint32_t>(high - low + 1));
}

struct Layer {
    Shape x, kernel;
    ops::ConvolutionOptions options;

    std::string str() const {
        return fmt::format("x {}, kernel {}, strides {} {}, dilation {} {}, {} groups, {}", x, kernel,
                           options.strides[0], options.strides[1], options.dilation_rate[0], options.dilation_rate[1],
                           options.groups, options.padding == Padding::same ? "same" : "valid");
    }
};

// Any layer with up to 12 channels: as many groups as channels in a third of them.
Layer random_layer(RandomStream& random) {
    const std::int64_t kind = between(random, 0, 2), of_group = kind == 0 ? 1 : between(random, 1, 4);
    const std::int64_t groups = kind == 0 ? between(random, 1, 9) : between(random, 1, 3);
    const std::int64_t outputs = groups * between(random, 1, 3);
    ops::ConvolutionOptions options{.strides = {between(random, 1, 3), between(random, 1, 3)},
                                    .padding = random.below(2) == 0 ? Padding::same : Padding::valid,
                                    .dilation_rate = {between(random, 1, 3), between(random, 1, 3)},
                                    .groups = groups};
    const std::int64_t kh = between(random, 1, 4), kw = between(random, 1, 4);
    const bool inside = options.padding == Padding::valid;
    const std::int64_t h = between(random, inside ? (kh - 1) * options.dilation_rate[0] + 1 : 1, 10);
    const std::int64_t w = between(random, inside ? (kw - 1) * options.dilation_rate[1] + 1 : 1, 10);
    return {{between(random, 1, 3), h, w, groups * of_group}, {kh, kw, of_group, outputs}, options};
}

// As Conv2d.GradientsAreAdjointForRandomShapes: <conv(x, k), c> = <x, dx(c)> = <k, dkernel(c)>, and the cpu must agree with the
// reference. Catches a group that reads another's channels, a tap that a dilation moves, a border that is a pixel off.
TEST(GroupedConv2d, GradientsAreAdjointForRandomShapes) {
    RandomStream random({8, stream_of(Purpose::test)});
    for (int round = 0; round < 300; ++round) {
        const Layer layer = random_layer(random);
        SCOPED_TRACE(layer.str());
        Tensor y[2], dx[2], dkernel[2];
        for (const int d : {0, 1}) {
            const Device device = d == 0 ? Device::reference() : Device::cpu();
            const auto seed = static_cast<std::uint64_t>(round);
            const Tensor x = autograd::variable(random_tensor(layer.x, device, 1, seed));
            const Tensor kernel = autograd::variable(random_tensor(layer.kernel, device, 2, seed));
            const Tensor out = ops::conv2d(x, kernel, {}, layer.options);
            const Tensor cotangent = random_tensor(out.shape(), device, 3, seed);
            autograd::backward(out, cotangent);
            y[d] = out.detach();
            dx[d] = autograd::gradient(x);
            dkernel[d] = autograd::gradient(kernel);
            const double scale = norm(y[d]) * norm(cotangent);
            EXPECT_NEAR(dot(y[d], cotangent), dot(x, dx[d]), 1e-13 * scale);
            EXPECT_NEAR(dot(y[d], cotangent), dot(kernel, dkernel[d]), 1e-13 * scale);
        }
        EXPECT_LT(relative_error(y[1], y[0], 1e-3), 1e-13);
        EXPECT_LT(relative_error(dx[1], dx[0], 1e-3), 1e-13);
        EXPECT_LT(relative_error(dkernel[1], dkernel[0], 1e-3), 1e-13);
        if (::testing::Test::HasFailure()) break;  // one failing shape says enough
    }
}

// Groups are convolutions side by side, and dilation is a kernel with zeros between its elements: catches an error that the
// reference and the gradients share.
TEST(GroupedConv2d, IsWhatItsDefinitionSays) {
    const Device device = Device::reference();
    const Tensor x = from_values<double>({1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}, device);
    // Two groups of two channels, one output each: 1 c0 + 10 c1, and 100 c2 + 1000 c3.
    const Tensor kernel = from_values<double>({1, 1, 2, 2}, {1, 100, 10, 1000}, device);
    EXPECT_EQ(numbers(ops::conv2d(x, kernel, {}, {.groups = 2})), (std::vector<double>{21, 4300, 65, 8700}));
    // Depthwise with two outputs of each channel: (c0, 10 c0, 100 c1, 1000 c1).
    const Tensor image = from_values<double>({1, 1, 1, 2}, {3, 4}, device);
    const Tensor each = from_values<double>({1, 1, 2, 2}, {1, 10, 100, 1000}, device);
    EXPECT_EQ(numbers(ops::depthwise_conv2d(image, each, {})), (std::vector<double>{3, 30, 400, 4000}));

    const Tensor row = from_values<double>({1, 1, 5, 1}, {1, 2, 3, 4, 5}, device);
    const Tensor taps = from_values<double>({1, 2, 1, 1}, {1, 10}, device);
    EXPECT_EQ(numbers(ops::conv2d(row, taps, {}, {.dilation_rate = {1, 3}})), (std::vector<double>{41, 52}));
    EXPECT_EQ(numbers(ops::conv2d(row, taps, {}, {.padding = Padding::same, .dilation_rate = {1, 3}})),
              (std::vector<double>{30, 41, 52, 3, 4}))
        << "a reach of 4 pads one pixel before and two behind";
}

// A pixel of 1 spreads the kernel, a stride sets it apart.
TEST(Conv2dTranspose, SpreadsItsKernel) {
    const Tensor x = from_values<double>({1, 1, 2, 1}, {1, 100}, Device::cpu());
    const Tensor kernel = from_values<double>({1, 3, 1, 1}, {1, 2, 3}, Device::cpu());
    EXPECT_EQ(numbers(ops::conv2d_transpose(x, kernel, {})), (std::vector<double>{1, 102, 203, 300}));
    EXPECT_EQ(numbers(ops::conv2d_transpose(x, kernel, {}, {.strides = {1, 2}, .padding = Padding::same})),
              (std::vector<double>{1, 2, 103, 200}));
    EXPECT_EQ(numbers(ops::conv2d_transpose(x, kernel, {}, {.strides = {1, 4}})),
              (std::vector<double>{1, 2, 3, 0, 100, 200, 300, 0}));
}

// Keras's formula by hand: (n - 1) stride + k - 2 floor(k / 2) + output padding for 'same'. Catches a row too many or
// too few, where every such size still leads back to the image; gradients agree with a wrong size as well.
TEST(Conv2dTranspose, HasTheSizeThatItsOutputPaddingSays) {
    const auto height = [](std::int64_t window, std::int64_t stride, std::int64_t more, Padding padding) {
        return ops::transposed_size("test", {3, 1}, {window, 1},
                                    {.strides = {stride, 1}, .padding = padding, .output_padding = {more, 0}})[0];
    };
    for (const std::int64_t more : {1, 2}) {
        EXPECT_EQ(height(2, 3, more, Padding::same), 6 + more);
        EXPECT_EQ(height(3, 3, more, Padding::same), 7 + more);
        EXPECT_EQ(height(4, 3, more, Padding::same), 6 + more);
        EXPECT_EQ(height(2, 3, more, Padding::valid), 8 + more);
        EXPECT_EQ(height(3, 3, more, Padding::valid), 9 + more);
    }
}

TEST(AveragePool2d, LeavesPaddingOut) {
    const Tensor x = from_values<double>({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, Device::cpu());
    EXPECT_EQ(numbers(ops::average_pool2d(x, {.strides = {2, 2}, .padding = Padding::same})),
              (std::vector<double>{3, 4.5, 7.5, 9}));
}

// The first of these is what layer_norm's epsilon is for.
TEST(LayerNorm, OfAConstantIsBeta) {
    const Tensor gamma = filled({3}), beta = from_values<double>({3}, {1, 2, 3}, Device::cpu());
    EXPECT_EQ(numbers(ops::layer_norm(filled({1, 3}), gamma, beta)), (std::vector<double>{1, 2, 3}));
    // Mean 2 and variance 1 of the pair, in each group by itself.
    const Tensor x = from_values<double>({1, 4}, {1, 3, 101, 103}, Device::cpu());
    const double expected = 1 / std::sqrt(1.5);
    const std::vector<double> y = numbers(ops::group_norm(x, 2, {}, {}, 0.5));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(y[i], i % 2 == 0 ? -expected : expected, 1e-15) << i;
}

// Catches a mean over the samples of a batch, or over the channels of each pixel by itself: gradients agree with any of
// them.
TEST(GroupNorm, TakesTheMeanOfASamplesPixels) {
    // Two samples of two pixels of four channels. In each group and sample the mean is halfway and the variance 1.
    const Tensor x =
        from_values<double>({2, 2, 4}, {1, 1, 50, 52, 3, 3, 52, 50, 8, 6, 70, 70, 6, 8, 72, 72}, Device::cpu());
    const double e = 1 / std::sqrt(1.5);
    const std::vector<double> expected{-e, -e, -e, e, e, e, e, -e, e, -e, -e, -e, -e, e, e, e};
    const std::vector<double> y = numbers(ops::group_norm(x, 2, {}, {}, 0.5));
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(y[i], expected[i], 1e-15) << i;
}

TEST(GroupedConv2d, SaysWhatDoesNotFit) {
    const Tensor x = filled({1, 4, 4, 6});
    EXPECT_EQ(error_message([&] {
                  ops::conv2d(x, filled({3, 3, 3, 4}), {}, {.groups = 3});
              }),
              "conv2d: input (1, 4, 4, 6) has 6 channels but the kernel (3, 3, 3, 4) expects 9, 3 in each of 3 groups");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d(x, filled({3, 3, 2, 4}), {}, {.groups = 3});
              }),
              "conv2d: the 4 output channels of the kernel (3, 3, 2, 4) cannot be split into 3 groups");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d(x, filled({3, 3, 2, 4}), {}, {.groups = 0});
              }),
              "conv2d: the number of groups must be at least 1, not 0");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d(x, filled({3, 3, 6, 4}), {}, {.dilation_rate = {1, 2}});
              }),
              "conv2d: the window (3, 3), dilated by (1, 2) to (3, 5), is larger than the image (4, 4); use padding "
              "'same', a smaller window or a larger image");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d(x, filled({3, 3, 6, 4}), {}, {.dilation_rate = {1, 0}});
              }),
              "conv2d: the dilation rates (1, 0) must be at least 1");
    EXPECT_EQ(error_message([&] {
                  ops::depthwise_conv2d(x, filled({3, 3, 5, 1}), {});
              }),
              "depthwise_conv2d: input (1, 4, 4, 6) must be (batch, height, width, 5), with as many channels as the "
              "kernel (3, 3, 5, 1)");
    EXPECT_EQ(error_message([&] {
                  ops::depthwise_conv2d(x, filled({3, 6}), {});
              }),
              "depthwise_conv2d: kernel (3, 6) must be (height, width, channels, depth multiplier)");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d_transpose(x, filled({3, 3, 6, 4}), {});
              }),
              "conv2d_transpose: input (1, 4, 4, 6) has 6 channels but the kernel (3, 3, 6, 4) expects 4");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d_transpose(x, filled({3, 3, 4, 6}), filled({6}));
              }),
              "conv2d_transpose: bias (6,) must be (4,), one per output channel");
    EXPECT_EQ(error_message([&] {
                  ops::conv2d_transpose(filled({4, 6}), filled({3, 3, 4, 6}), {});
              }),
              "conv2d_transpose: input (4, 6) must be (batch, height, width, channels)");
    EXPECT_EQ(
        error_message([&] {
            ops::average_pool2d(x, {.pool_size = {5, 5}});
        }),
        "average_pool2d: the window (5, 5) is larger than the image (4, 4); use padding 'same', a smaller window or "
        "a larger image");
    EXPECT_EQ(error_message([&] { ops::group_norm(x, 4, {}, {}); }),
              "group_norm: the 6 channels of input (1, 4, 4, 6) cannot be split into 4 groups");
    EXPECT_EQ(error_message([&] { ops::layer_norm(x, filled({5}), {}); }),
              "layer_norm: gamma (5,) must be (6,), one per channel of the input (1, 4, 4, 6)");
    EXPECT_EQ(error_message([&] { ops::layer_norm(x, {}, {}, 0); }),
              "layer_norm: epsilon 0 must be positive: it keeps constant inputs from dividing by zero");
}

}  // namespace
}  // namespace cairn::test
