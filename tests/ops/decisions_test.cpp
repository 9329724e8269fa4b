#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
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

using Lists = std::vector<std::vector<double>>;

// Sees the maxima and the signs that ops tell an observer.
class Choices final : public autograd::Observer {
public:
    bool wants_choices() const override { return true; }
    void on_choices(const Tensor& argmax) override { chosen.push_back(numbers(argmax)); }
    void on_signs(const Tensor& y) override { signs.push_back(numbers(y)); }

    Lists chosen, signs;
};

// Catches an op that keeps from its observer where it branched: a check of gradients would then take a kink for an
// error, and two devices that break a tie otherwise would part.
TEST(Decisions, AnObserverIsToldOfEveryOne) {
    const Tensor x = from_values<double>({1, 2, 4, 1}, {1, 2, 7, 6, 4, 3, 5, 8}, Device::cpu());
    const Tensor same = full({1, 1, 1, 1}, 1, DType::float64, Device::cpu());
    const std::vector<double> maxima{2, 3}, largest{4, 8};
    Choices seen;
    ops::max_pool2d(x, {.pool_size = {2, 2}});
    EXPECT_EQ(seen.chosen, (Lists{maxima}));
    ops::conv2d_max_pool2d(x, same, {}, {.relu = true}, {.pool_size = {2, 2}});
    EXPECT_EQ(seen.chosen, (Lists{maxima, maxima}));
    EXPECT_EQ(seen.signs, (Lists{largest}));
    ops::conv2d(x, same, {}, {.relu = true});
    ops::relu(x);
    ops::dense(full({1, 1}, 2, DType::float64, Device::cpu()), same.view({1, 1}), {}, true);
    EXPECT_EQ(seen.signs, (Lists{largest, numbers(x), numbers(x), std::vector<double>{2}}));
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
