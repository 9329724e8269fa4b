#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::test {
namespace {

using ops::Padding;

std::int64_t between(RandomStream& random, std::int64_t low, std::int64_t high) {
    return low + random.below(static_cast<std::uint32_t>(high - low + 1));
}

// Pooling picks elements, so with the choice held fixed it is linear, and <pool(x), c> = <x, dx(c)> for any shape. dx
// is a sum of picked cotangents: all of c arrives, nothing else. The cpu and the reference must agree exactly, and on
// ties too: the values are small integers, so most windows have several maxima.
TEST(MaxPool2d, GradientIsAdjointForRandomShapes) {
    RandomStream random({8, stream_of(Purpose::test)});
    for (int round = 0; round < 200; ++round) {
        const bool same = random.below(2) == 0, ties = random.below(2) == 0;
        const std::int64_t h = between(random, 1, 9), w = between(random, 1, 9);
        const Shape shape{between(random, 1, 3), h, w, between(random, 1, 5)};
        const ops::PoolingOptions options{.pool_size = {between(random, 1, same ? 4 : std::min<std::int64_t>(h, 4)),
                                                        between(random, 1, same ? 4 : std::min<std::int64_t>(w, 4))},
                                          .strides = {between(random, 1, 3), between(random, 1, 3)},
                                          .padding = same ? Padding::same : Padding::valid};
        SCOPED_TRACE(fmt::format("x {}, window {} {}, strides {} {}, {}", shape, options.pool_size[0],
                                 options.pool_size[1], options.strides[0], options.strides[1],
                                 same ? "same" : "valid"));

        std::vector<double> values(static_cast<std::size_t>(shape.size()));
        for (double& value : values)
            value = ties ? -1.0 - random.below(3) : random.normal();  // negative: below the padding
        Tensor y[2], dx[2];
        for (const int d : {0, 1}) {
            const Device device = d == 0 ? Device::reference() : Device::cpu();
            const Tensor x = autograd::variable(from_values(shape, values, device));
            const Tensor out = ops::max_pool2d(x, options);
            const Tensor cotangent = random_tensor(out.shape(), device, 3, static_cast<std::uint64_t>(round));
            autograd::backward(out, cotangent);
            y[d] = out.detach();
            dx[d] = autograd::gradient(x);
            const double scale = norm(y[d]) * norm(cotangent) + norm(cotangent);
            EXPECT_NEAR(dot(y[d], cotangent), dot(x, dx[d]), 1e-13 * scale);
            const Tensor ones = full(shape, 1, DType::float64, device),
                         out_ones = full(out.shape(), 1, DType::float64, device);
            EXPECT_NEAR(dot(dx[d], ones), dot(cotangent, out_ones), 1e-13 * static_cast<double>(out.size()));
        }
        EXPECT_EQ(numbers(y[1]), numbers(y[0]));
        EXPECT_LT(relative_error(dx[1], dx[0]), 1e-15);  // overlapping windows may be summed in another order
        if (::testing::Test::HasFailure()) break;
    }
}

// The strides are the pool size unless given, and -infinity, not 0, stands outside of the image.
TEST(MaxPool2d, ValuesOnPaper) {
    const Tensor x = from_values<double>({1, 3, 3, 1}, {-9, -8, -7, -6, -5, -4, -3, -2, -1}, Device::cpu());
    EXPECT_EQ(numbers(ops::max_pool2d(x)), (std::vector<double>{-5}));
    const Tensor padded = ops::max_pool2d(x, {.padding = Padding::same});
    EXPECT_EQ(padded.shape(), (Shape{1, 2, 2, 1}));
    EXPECT_EQ(numbers(padded), (std::vector<double>{-5, -4, -2, -1}));
    EXPECT_EQ(numbers(ops::max_pool2d(x, {.pool_size = {3, 2}, .strides = {0, 1}})), (std::vector<double>{-2, -1}));
    EXPECT_EQ(ops::max_pool2d(x, {.pool_size = {1, 2}}).shape(), (Shape{1, 3, 1, 1}));
    EXPECT_EQ(ops::max_pool2d(x, {.pool_size = {2, 1}}).shape(), (Shape{1, 1, 3, 1}));
}

TEST(MaxPool2d, Messages) {
    const Tensor x = full({1, 3, 3, 2}, 1, DType::float64, Device::cpu());
    EXPECT_EQ(error_message([&] {
                  ops::max_pool2d(x, {.pool_size = {4, 2}});
              }),
              "max_pool2d: the window (4, 2) is larger than the image (3, 3); use padding 'same', a smaller window or "
              "a larger "
              "image");
    EXPECT_EQ(error_message([&] {
                  ops::max_pool2d(x, {.strides = {-2, 1}});
              }),
              "max_pool2d: the strides (-2, 1) must be at least 1");
    EXPECT_EQ(error_message([&] {
                  ops::max_pool2d(x.view({3, 3, 2}));
              }),
              "max_pool2d: input (3, 3, 2) must be (batch, height, width, channels)");
}

}  // namespace
}  // namespace cairn::test
