#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

Tensor constant(double value, const Shape& shape = {3}) { return full(shape, value, DType::float64, Device::cpu()); }

// Each channel of the output has mean beta and standard deviation gamma, whatever the input's; the tiny rest is
// epsilon's.
TEST(BatchNorm, NormalizesEachChannel) {
    const Tensor noise = random_tensor({8, 5, 5, 3}, Device::cpu(), 1);
    const Tensor x = ops::add(ops::mul(noise, constant(100)), constant(-1e6));
    const Tensor y = ops::batch_norm_training(x, {constant(2), constant(7), constant(0), constant(1)});
    const Tensor mean = ops::mean(y, {0, 1, 2});
    const Tensor deviation = ops::sqrt(ops::mean(ops::square(ops::sub(y, mean)), {0, 1, 2}));
    EXPECT_LT(relative_error(mean, constant(7)),
              1e-9);  // the mean of 1e6 is exact to 1e-10, a deviation of 100 to 1e-12
    EXPECT_LT(relative_error(deviation, constant(2)),
              1e-6);  // epsilon / variance = 1e-7, and half of it after the root
}

// moving = momentum * moving + (1 - momentum) * the batch's, the variance divided by M and not by M - 1.
TEST(BatchNorm, TrainingMovesTheMovingStatistics) {
    const Tensor x = from_values<double>({2, 1}, {1, 5}, Device::cpu());  // mean 3, variance 4
    const Tensor mean = constant(10, {1}), variance = constant(20, {1});
    ops::batch_norm_training(x, {constant(1, {1}), constant(0, {1}), mean, variance, {.momentum = 0.75}});
    EXPECT_DOUBLE_EQ(mean.item(), 0.75 * 10 + 0.25 * 3);
    EXPECT_DOUBLE_EQ(variance.item(), 0.75 * 20 + 0.25 * 4);
}

// Inference uses the moving statistics and leaves them alone.
TEST(BatchNorm, InferenceUsesTheMovingStatistics) {
    const Tensor x = from_values<double>({2, 1}, {1, 5}, Device::cpu());
    const Tensor mean = constant(3, {1}), variance = constant(15, {1});
    const Tensor y = ops::batch_norm_inference(x, {constant(2, {1}), constant(1, {1}), mean, variance, {.epsilon = 1}});
    EXPECT_EQ(numbers(y), (std::vector<double>{2 * (1 - 3) / 4. + 1, 2 * (5 - 3) / 4. + 1}));
    EXPECT_EQ(mean.item(), 3);
    EXPECT_EQ(variance.item(), 15);
}

TEST(BatchNorm, Messages) {
    const Tensor x = constant(1, {8, 3}), c = constant(1), other = constant(1, {4});
    EXPECT_EQ(error_message([&] {
                  ops::batch_norm_training(x, {c, other, c, c});
              }),
              "batch_norm: beta (4,) must be (3,), one per channel of the input (8, 3)");
    EXPECT_EQ(error_message([&] {
                  ops::batch_norm_inference(x, {c, c, c, other});
              }),
              "batch_norm: moving variance (4,) must be (3,), one per channel of the input (8, 3)");
    EXPECT_EQ(error_message([&] {
                  ops::batch_norm_training(c, {c, c, c, c});
              }),
              "batch_norm: input (3,) must be (batch, ..., channels), with at least one of each");
    EXPECT_EQ(error_message([&] {
                  ops::batch_norm_training(constant(1, {0, 3}), {c, c, c, c});
              }),
              "batch_norm: input (0, 3) must be (batch, ..., channels), with at least one of each");
    EXPECT_EQ(error_message([&] {
                  ops::batch_norm_training(x, {c, c, c, c, {.epsilon = 0}});
              }),
              "batch_norm: epsilon 0 must be positive: it keeps constant channels from dividing by zero");
    EXPECT_EQ(error_message([&] {
                  ops::batch_norm_training(x, {c, c, c, c, {.momentum = 99}});
              }),
              "batch_norm: momentum 99 must lie between 0 and 1");
}

}  // namespace
}  // namespace cairn::test
