#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::test {
namespace {

using ops::Padding;

Tensor filled(const Shape& shape, DType dtype = DType::float64) { return full(shape, 1, dtype, Device::cpu()); }

// Draws an integer from low to high, both included.
std::int64_t between(RandomStream& random, std::int64_t low, std::int64_t high) {
    return low + random.below(static_cast<std::uint32_t>(high - low + 1));
}

// A convolution is linear in x and in the kernel, so its gradients are its adjoints:
//   <conv(x, k), c> = <x, dx(c)> = <k, dkernel(c)>
// which holds to rounding for any shape at all, without a second implementation to compare with. A gradient that misses
// the border, shifts by the padding or forgets a stride breaks it. The cpu and the reference must agree on the way.
TEST(Conv2d, GradientsAreAdjointForRandomShapes) {
    RandomStream random({7, stream_of(Purpose::test)});
    for (int round = 0; round < 150; ++round) {
        const std::int64_t n = between(random, 1, 3), c = between(random, 1, 5), o = between(random, 1, 6);
        const std::int64_t h = between(random, 1, 9), w = between(random, 1, 9);
        const ops::ConvolutionOptions options{.strides = {between(random, 1, 3), between(random, 1, 3)},
                                              .padding = random.below(2) == 0 ? Padding::same : Padding::valid};
        const bool inside = options.padding == Padding::valid;  // then the window must fit into the image
        const std::int64_t kh = between(random, 1, inside ? std::min<std::int64_t>(h, 5) : 5);
        const std::int64_t kw = between(random, 1, inside ? std::min<std::int64_t>(w, 5) : 5);
        SCOPED_TRACE(fmt::format("x {}, kernel {}, strides {} {}, {}", Shape{n, h, w, c}, Shape{kh, kw, c, o},
                                 options.strides[0], options.strides[1], inside ? "valid" : "same"));

        Tensor y[2], dx[2], dkernel[2];
        for (const int d : {0, 1}) {
            const Device device = d == 0 ? Device::reference() : Device::cpu();
            const auto seed = static_cast<std::uint64_t>(round);
            const Tensor x = autograd::variable(random_tensor({n, h, w, c}, device, 1, seed));
            const Tensor kernel = autograd::variable(random_tensor({kh, kw, c, o}, device, 2, seed));
            const Tensor out = ops::conv2d(x, kernel, {}, options);
            const Tensor cotangent = random_tensor(out.shape(), device, 3, seed);
            autograd::backward(out, cotangent);
            y[d] = out.detach();
            dx[d] = autograd::gradient(x);
            dkernel[d] = autograd::gradient(kernel);

            // Rounding is relative to the terms of the sums and not to the sums, which may cancel.
            const double scale = norm(y[d]) * norm(cotangent);
            EXPECT_NEAR(dot(y[d], cotangent), dot(x, dx[d]), 1e-13 * scale);
            EXPECT_NEAR(dot(y[d], cotangent), dot(kernel, dkernel[d]), 1e-13 * scale);
        }
        EXPECT_LT(relative_error(y[1], y[0]), 1e-13);
        EXPECT_LT(relative_error(dx[1], dx[0]), 1e-13);
        EXPECT_LT(relative_error(dkernel[1], dkernel[0]), 1e-13);
        if (::testing::Test::HasFailure()) break;  // one failing shape says enough
    }
}

// The fused layer is the composition of the plain ops.
TEST(Conv2d, IsConvolutionPlusBiasThenRelu) {
    const Tensor x = random_tensor({2, 5, 6, 3}, Device::cpu(), 1),
                 kernel = random_tensor({3, 2, 3, 4}, Device::cpu(), 2);
    const Tensor bias = random_tensor({4}, Device::cpu(), 3);
    const Tensor fused = ops::conv2d(x, kernel, bias, {.padding = Padding::same, .relu = true});
    const Tensor plain = ops::relu(ops::add(ops::conv2d(x, kernel, {}, {.padding = Padding::same}), bias));
    EXPECT_LT(relative_error(fused, plain), 1e-14);
}

TEST(Conv2d, Shapes) {
    const auto shape = [](const Shape& x, const Shape& kernel, const ops::ConvolutionOptions& options) {
        return ops::conv2d(filled(x), filled(kernel), {}, options).shape();
    };
    EXPECT_EQ(shape({8, 32, 32, 3}, {3, 3, 3, 16}, {}), (Shape{8, 30, 30, 16}));
    EXPECT_EQ(shape({8, 32, 32, 3}, {3, 3, 3, 16}, {.padding = Padding::same}), (Shape{8, 32, 32, 16}));
    EXPECT_EQ(shape({1, 7, 9, 3}, {3, 3, 3, 5}, {.strides = {2, 2}, .padding = Padding::same}), (Shape{1, 4, 5, 5}));
    EXPECT_EQ(shape({1, 7, 9, 3}, {1, 2, 3, 5}, {.strides = {3, 1}}), (Shape{1, 3, 8, 5}));
}

TEST(Conv2d, Messages) {
    EXPECT_EQ(error_message([] {
                  ops::conv2d(filled({8, 32, 32, 3}), filled({3, 3, 1, 32}), {});
              }),
              "conv2d: input (8, 32, 32, 3) has 3 channels but the kernel (3, 3, 1, 32) expects 1");
    EXPECT_EQ(error_message([] {
                  ops::conv2d(filled({32, 32, 3}), filled({3, 3, 3, 32}), {});
              }),
              "conv2d: input (32, 32, 3) must be (batch, height, width, channels)");
    EXPECT_EQ(error_message([] {
                  ops::conv2d(filled({8, 32, 32, 3}), filled({3, 3, 32}), {});
              }),
              "conv2d: kernel (3, 3, 32) must be (height, width, input channels, output channels)");
    EXPECT_EQ(error_message([] {
                  ops::conv2d(filled({8, 32, 32, 3}), filled({3, 3, 3, 32}), filled({3}));
              }),
              "conv2d: bias (3,) must be (32,), one per output channel");
    EXPECT_EQ(error_message([] {
                  ops::conv2d(filled({1, 4, 4, 3}), filled({3, 3, 3, 2}, DType::float32), {});
              }),
              "conv2d: inputs (1, 4, 4, 3) of float64 and (3, 3, 3, 2) of float32 differ in dtype; convert one with "
              "to_dtype");
}

}  // namespace
}  // namespace cairn::test
