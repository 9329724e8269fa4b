#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

// The first of equal maxima; no node is left, for there is nothing to differentiate.
TEST(Decisions, Argmax) {
    const Tensor x = autograd::variable(from_values<double>({2, 1, 3}, {1, 5, 5, -1, -2, -3}, Device::cpu()));
    const Tensor y = ops::argmax(x);
    EXPECT_EQ(y.shape(), (Shape{2, 1}));
    EXPECT_EQ(y.dtype(), DType::int32);
    EXPECT_EQ(numbers(y), (std::vector<double>{1, 0}));
    EXPECT_EQ(y.node(), nullptr);
    EXPECT_EQ(error_message([] {
                  ops::argmax(full({3, 0}, 1, DType::float32, Device::cpu()));
              }),
              "argmax: input (3, 0) needs a last axis of at least one element");
}

TEST(Decisions, CountCorrect) {
    const Tensor logits = from_values<double>({3, 2}, {1, 2, 4, 3, 0, 0}, Device::cpu());  // 1, 0, and 0 by being first
    EXPECT_EQ(ops::count_correct(logits, from_values<std::int32_t>({3}, {1, 1, 0}, Device::cpu())).item(), 2);
    EXPECT_EQ(ops::count_correct(logits, from_values<double>({3, 2}, {0, 1, 0, 1, 1, 0}, Device::cpu())).item(), 2);
    EXPECT_EQ(error_message([&] {
                  ops::count_correct(logits, from_values<std::int32_t>({3}, {1, 2, 0}, Device::cpu()));
              }),
              "count_correct: label 2 at index 1 is no class; the logits (3, 2) have classes 0 to 1");
}

TEST(Decisions, ScalePixels) {
    const Tensor images = from_values<std::uint8_t>({3}, {0, 51, 255}, Device::cpu());
    EXPECT_EQ(ops::scale_pixels(images).to_vector<float>(), (std::vector<float>{0, 51.f / 255.f, 1}));
    EXPECT_EQ(ops::scale_pixels(images, DType::float64).to_vector<double>(), (std::vector<double>{0, 51. / 255., 1}));
    EXPECT_EQ(error_message([&] { ops::scale_pixels(images, DType::int32); }),
              "scale_pixels: the result must be float32 or float64, not int32");
    EXPECT_EQ(error_message([&] { ops::scale_pixels(ops::scale_pixels(images)); }),
              "scale_pixels: the images must be uint8, not float32");
    EXPECT_EQ(error_message([] { ops::scale_pixels({}); }),
              "scale_pixels: the images must be uint8, not an undefined Tensor");
}

}  // namespace
}  // namespace cairn::test
