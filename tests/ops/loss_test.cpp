// softmax, log_softmax, softmax_cross_entropy and l2_penalty
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

Tensor filled(const Shape& shape) { return full(shape, 1, DType::float64, Device::cpu()); }

Tensor classes(const std::vector<std::int32_t>& labels, const Device& device = Device::cpu()) {
    return from_values({static_cast<std::int64_t>(labels.size())}, labels, device);
}

// Logits of a thousand overflow exp, unless the maximum is subtracted first.
TEST(Softmax, ExtremeLogits) {
    const Tensor x = from_values<double>({2, 2}, {1000, -1000, -1000, -1000}, Device::cpu());
    EXPECT_EQ(numbers(ops::softmax(x)), (std::vector<double>{1, 0, 0.5, 0.5}));
    EXPECT_EQ(numbers(ops::log_softmax(x)), (std::vector<double>{0, -2000, std::log(0.5), std::log(0.5)}));
}

// A confident and wrong prediction has a large but finite loss and gradient.
TEST(SoftmaxCrossEntropy, ExtremeLogits) {
    const Tensor logits = autograd::variable(from_values<double>({2, 2}, {1000, -1000, 3, 3}, Device::cpu()));
    const Tensor loss = ops::softmax_cross_entropy(logits, classes({1, 0}));
    EXPECT_EQ(loss.shape(), Shape{});
    EXPECT_DOUBLE_EQ(loss.item(), (2000 + std::log(2)) / 2);
    autograd::backward(loss);
    EXPECT_EQ(numbers(autograd::gradient(logits)), (std::vector<double>{0.5, -0.5, -0.25, 0.25}));
}

// Classes are one-hot probabilities.
TEST(SoftmaxCrossEntropy, ClassesAreOneHotProbabilities) {
    const Tensor logits = random_tensor({3, 4}, Device::cpu(), 1);
    const Tensor one_hot = from_values<double>({3, 4}, {0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1}, Device::cpu());
    EXPECT_DOUBLE_EQ(ops::softmax_cross_entropy(logits, classes({2, 0, 3})).item(),
                     ops::softmax_cross_entropy(logits, one_hot).item());
}

TEST(SoftmaxCrossEntropy, Messages) {
    const Tensor logits = filled({3, 10});
    const auto message = [&](const Tensor& labels) {
        return error_message([&] { ops::softmax_cross_entropy(logits, labels); });
    };
    EXPECT_EQ(message(classes({0, 9, 10})),
              "softmax_cross_entropy: label 10 at index 2 is no class; the logits (3, 10) have classes 0 to 9");
    EXPECT_EQ(message(classes({0, -1, 1})),
              "softmax_cross_entropy: label -1 at index 1 is no class; the logits (3, 10) have classes 0 to 9");
    EXPECT_EQ(message(classes({0, 1})),
              "softmax_cross_entropy: labels (2,) must be (3,), one class for each row of the logits (3, 10)");
    EXPECT_EQ(message(filled({3})),
              "softmax_cross_entropy: labels (3,) of float64 must be int32 classes (3,) or probabilities of the "
              "logits' shape "
              "(3, 10)");
    EXPECT_EQ(
        message(classes({0, 1, 2}, Device::reference())),
        "softmax_cross_entropy: logits on cpu and labels on reference must be on one device; move one with to_device");
    EXPECT_EQ(message({}), "softmax_cross_entropy: the labels are an undefined Tensor");
    EXPECT_EQ(error_message([&] {
                  ops::softmax_cross_entropy(filled({0, 10}), classes({}));
              }),
              "softmax_cross_entropy: logits (0, 10) must be (batch, classes), with at least one of each");
    EXPECT_EQ(error_message([] { ops::softmax(filled({})); }),
              "softmax: input () needs a last axis of at least one class");
}

// The penalty's gradient is added to the gradient that the data loss has put there, inside of the kernel.
TEST(L2Penalty, AddsToTheGradientInPlace) {
    const Tensor slot = full({2}, std::nan(""), DType::float64, Device::cpu());
    const Tensor w = autograd::variable(from_values<double>({2}, {3, -4}, Device::cpu()), slot);
    const Tensor penalty = ops::l2_penalty(w, 0.5);
    EXPECT_EQ(penalty.item(), 12.5);
    const Tensor loss = ops::add(ops::sum(ops::square(w)), penalty);
    autograd::backward(loss);
    EXPECT_EQ(numbers(slot), (std::vector<double>{2 * 3 + 3, 2 * -4 - 4}));
    EXPECT_EQ(error_message([&] { ops::l2_penalty(w, -1); }), "l2_penalty: lambda -1 must not be negative");
}

}  // namespace
}  // namespace cairn::test
