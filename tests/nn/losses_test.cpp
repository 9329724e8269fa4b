// Losses: their gradients, what they refuse, and the weights of samples. Their values stand beside Keras's in tests/golden.
#include "cairn/nn/losses.h"
#include "cairn/autograd/gradcheck.h"
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

const Device device = Device::reference();

Tensor classes_of(std::int64_t batch, std::int64_t classes) {
    std::vector<std::int32_t> labels;
    for (std::int64_t b = 0; b < batch; ++b) labels.push_back(static_cast<std::int32_t>(b * b % classes));
    return from_values({batch}, labels, device);
}

const std::pair<const char*, nn::Loss> losses[] = {
    {"categorical", nn::categorical_crossentropy()},
    {"categorical smoothed", nn::categorical_crossentropy({.label_smoothing = 0.2})},
    {"binary", nn::binary_crossentropy()},
    {"binary smoothed", nn::binary_crossentropy({.label_smoothing = 0.2})},
    {"squared", nn::mean_squared_error()},
    {"absolute", nn::mean_absolute_error()},
    {"huber", nn::huber({.delta = 0.7})},
};
const Shape shapes[] = {{1, 1}, {1, 2}, {1, 10}, {8, 10}, {3, 1}, {5, 7}, {63, 2}, {64, 3}, {65, 2}, {2, 65}};

// Catches a gradient that does not belong to the value, with weights and without, and for saturated logits.
TEST(Losses, GradientsAreRight) {
    for (const auto& [name, loss] : losses)
        for (const Shape& shape : shapes)
            for (const double scale : {1.0, 40.0}) {
                const Tensor labels = classes_of(shape[0], shape[1]);
                Tensor logits = random_tensor(shape, device, 3);
                logits = ops::mul(logits, full({}, scale, DType::float64, device));
                const Tensor weights = ops::square(random_tensor({shape[0]}, device, 4));
                for (const Tensor& w : {Tensor(), weights}) {
                    const auto f = [&, &l = loss](const Tensors& x) { return l(x[0], labels, w); };
                    EXPECT_TRUE(autograd::gradcheck(f, {logits}).passed())
                        << name << " " << shape.str() << " times " << scale << (w.defined() ? ", weighted" : "");
                }
            }
}

// The control: a loss whose value and gradient do not belong together is caught by the same check.
TEST(Losses, GradcheckCatchesAWrongGradient) {
    const Tensor labels = classes_of(5, 7), logits = random_tensor({5, 7}, device, 3);
    for (const auto& [name, loss] : losses) {
        const Tensor at = autograd::variable(logits);
        autograd::backward(loss(at, labels));
        const Tensor right = autograd::gradient(at);
        const auto passes = [&, &l = loss](double factor) {
            const Tensor wrong = ops::mul(right, full({}, factor, DType::float64, device)).detach();
            const auto f = [&](const Tensors& x) {
                return autograd::differentiable("wrong", {x[0]}, l(x[0].detach(), labels),
                                                [=](const Tensor& dy, autograd::Gradients& dx) {
                                                    backend(dy).elementwise(Binary::mul, wrong, dy, dx.slot(0));
                                                });
            };
            return autograd::gradcheck(f, {logits}).passed();
        };
        EXPECT_TRUE(passes(1)) << name << ": the control's control";
        EXPECT_FALSE(passes(1.001)) << name;
        EXPECT_FALSE(passes(5)) << name << ": the sum over the batch instead of the mean";
        EXPECT_FALSE(passes(0)) << name;
    }
}

// Logits of ten thousand: exact values, no infinity, no NaN. And a logit of 0, where a formula with |x| has no derivative.
TEST(Losses, BinaryCrossentropyIsExactEverywhere) {
    const Tensor logits = autograd::variable(from_values<double>({1, 4}, {1e4, -1e4, 1e4, 0}, device));
    const Tensor labels = from_values<double>({1, 4}, {1, 1, 0, 1}, device);
    const Tensor loss = nn::binary_crossentropy()(logits, labels);
    EXPECT_DOUBLE_EQ(loss.item(), (0 + 1e4 + 1e4 + std::log(2)) / 4);
    autograd::backward(loss);
    EXPECT_EQ(numbers(autograd::gradient(logits)), (std::vector<double>{0, -0.25, 0.25, -0.125}));
}

// In float32 as well: label smoothing must not turn a logarithm of 0 into NaN.
TEST(Losses, StayFiniteForLargeLogitsInFloat32) {
    for (const auto& [name, loss] : losses) {
        const Tensor logits =
            autograd::variable(from_values<float>({2, 3}, {1e4f, -1e4f, 0, -1e4f, 1e4f, 1e4f}, device));
        const Tensor value = loss(logits, classes_of(2, 3));
        EXPECT_TRUE(std::isfinite(value.item())) << name;
        autograd::backward(value);
        for (const double g : numbers(autograd::gradient(logits))) EXPECT_TRUE(std::isfinite(g)) << name;
    }
}

// The default is the kernel of before: the same bits, the same node of the graph.
TEST(Losses, TheDefaultIsTheKernel) {
    const Tensor logits = autograd::variable(random_tensor({6, 4}, device, 1)), labels = classes_of(6, 4);
    const Tensor loss = nn::Loss()(logits, labels);
    EXPECT_EQ(loss.item(), ops::softmax_cross_entropy(logits, labels).item());
    EXPECT_EQ(loss.node()->op, "softmax_cross_entropy");
    EXPECT_EQ(nn::categorical_crossentropy()(logits, labels).node()->op, "softmax_cross_entropy");
}

// A weight of 0 is a sample that is not there, but counts in the divisor; weights of 1 change nothing.
TEST(Losses, WeightsOfSamples) {
    const Tensor logits = random_tensor({3, 4}, device, 1), labels = classes_of(3, 4);
    const auto weighted = [&](const nn::Loss& loss, const std::vector<double>& weights) {
        return loss(logits, labels, from_values({3}, weights, device)).item();
    };
    for (const auto& [name, loss] : losses) {
        EXPECT_NEAR(weighted(loss, {1, 1, 1}), loss(logits, labels).item(), 1e-14) << name;
        const double first = loss(logits.view(0, {1, 4}), labels.view(0, {1})).item();
        EXPECT_NEAR(weighted(loss, {2, 0, 0}), 2 * first / 3, 1e-14) << name;
    }
}

// Any function of logits and labels is a loss; one that gives a mean cannot be weighted.
TEST(Losses, OfYourOwn) {
    const Tensor logits = random_tensor({3, 4}, device, 1), labels = classes_of(3, 4),
                 weights = full({3}, 2, DType::float64, device);
    const nn::Loss each("each", [](const Tensor& x, const Tensor&) { return ops::sum(ops::square(x), {1}); });
    const nn::Loss mean = [](const Tensor& x, const Tensor&) { return ops::mean(x); };
    EXPECT_EQ(each.name(), "each");
    EXPECT_EQ(mean.name(), "function");
    EXPECT_NEAR(each(logits, labels, weights).item(), 2 * ops::sum(ops::square(logits)).item() / 3, 1e-14);
    EXPECT_EQ(mean(logits, labels).item(), ops::mean(logits).item());
    EXPECT_EQ(
        error_message([&] { mean(logits, labels, weights); }),
        "function: samples are weighted, but the loss gives their mean; let it give a number for each sample, (3,)");
    const nn::Loss wrong = [](const Tensor& x, const Tensor&) { return x; };
    EXPECT_EQ(error_message([&] { wrong(logits, labels); }),
              "function: a loss must give a number for each sample, (3,), or their mean, (), not (3, 4)");
}

TEST(Losses, RefuseWhatDoesNotFit) {
    const Tensor logits = random_tensor({3, 4}, device, 1);
    EXPECT_EQ(error_message([&] { nn::huber()(logits, classes_of(2, 4)); }),
              "huber: classes (2,) need logits (2, classes), not (3, 4)");
    EXPECT_EQ(error_message([&] {
                  nn::huber()(logits, random_tensor({3, 5}, device, 1));
              }),
              "huber: the labels (3, 5) must have the shape of the logits (3, 4)");
    EXPECT_EQ(error_message([&] { nn::Loss()(logits, classes_of(3, 4), full({4}, 1, DType::float64, device)); }),
              "categorical_crossentropy: the weights (4,) must be (3,), one for each sample");
    EXPECT_EQ(error_message([] { nn::binary_crossentropy({.label_smoothing = 2}); }),
              "binary_crossentropy: the label smoothing must be from 0 to 1, not 2");
    EXPECT_EQ(error_message([] { nn::huber({.delta = 0}); }), "huber: delta must be above 0, not 0");
    EXPECT_EQ(error_message([] { nn::loss_named("hinge"); }),
              "unknown loss 'hinge'; there are categorical_crossentropy, binary_crossentropy, mean_squared_error, "
              "mean_absolute_error, huber");
    EXPECT_EQ(error_message([] { nn::loss_named("huber", 0.1); }),
              "huber has no probabilities that could be smoothed; leave the label smoothing out");
    for (const std::string& name : nn::loss_names()) EXPECT_EQ(nn::loss_named(name).name(), name);
}

TEST(OneHot, IsOneAtTheLabel) {
    for (const DType dtype : {DType::float32, DType::float64})
        EXPECT_EQ(numbers(ops::one_hot(from_values<std::int32_t>({3}, {2, 0, 1}, device), 3, dtype)),
                  (std::vector<double>{0, 0, 1, 1, 0, 0, 0, 1, 0}));
    EXPECT_EQ(error_message([] { ops::one_hot(full({2}, 1, DType::float32, device), 3); }),
              "one_hot: the labels must be int32 (batch,), not float32 (2,)");
}

}  // namespace
}  // namespace cairn::test
