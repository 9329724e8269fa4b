#include "cairn/train/gradcheck_model.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/functional.h"

#include <gtest/gtest.h>

namespace cairn::train {
namespace {

// y = 2 x with the gradient of y = x.
class Wrong final : public nn::UnaryLayer {
public:
    std::string type() const override { return "Wrong"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const nn::Call&) const override {
        const auto twice = [&] {
            const autograd::NoGrad unrecorded;
            return ops::add(x, x);
        };
        return autograd::differentiable("wrong", {x}, twice(),
                                        [](const Tensor& dy, autograd::Gradients& dx) { dx.give(0, dy); });
    }
};

// y = x scale, whose scale gets half of its gradient.
class HalfScale final : public nn::UnaryLayer {
public:
    std::string type() const override { return "HalfScale"; }
    Shape build(const Shape& input) override {
        scale_ = add_parameter("scale", {input[-1]}, nn::constant(1.5));
        return input;
    }
    Tensor forward(const Tensor& x, const nn::Call&) const override {
        const Tensor detached = scale_->value.detach();
        const Tensor half = autograd::differentiable(
            "half", {scale_->value}, ops::affine(detached, 1, 0),
            [](const Tensor& dy, autograd::Gradients& dx) { dx.give(0, ops::affine(dy, 0.5, 0)); });
        return ops::mul(x, half);
    }

private:
    std::shared_ptr<nn::Parameter> scale_;
};

// Catches a check of the inference, in which batch norm has other formulas and dropout none, and a parameter that is left
// out: only a training moves the averages.
TEST(GradcheckModel, ChecksTheLossOfTraining) {
    nn::Sequential model{nn::Input({6}), nn::Dense(5, {.kernel_regularizer = nn::l2(0.1)}), nn::BatchNormalization(),
                         nn::Dropout(0.25), nn::Dense(3)};
    const ModelGradcheck report = gradcheck_model(model, Device::cpu(), 1);
    EXPECT_TRUE(report.passed()) << report.error();
    EXPECT_EQ(report.advice, "");
    std::vector<std::string> names;
    for (const auto& part : report.parts) names.push_back(part.name);
    EXPECT_EQ(names,
              (std::vector<std::string>{"dense/kernel", "dense/bias", "batch_normalization/gamma",
                                        "batch_normalization/beta", "dense_1/kernel", "dense_1/bias", "directions"}));
    for (const double mean : model.state().view(0, {5}).to_vector<double>()) EXPECT_NE(mean, 0) << "a moving mean";
}

std::vector<std::string> wrong_parameters(const ModelGradcheck& report) {
    std::vector<std::string> names;
    for (const auto& part : report.failures()) names.push_back(part.name);
    return names;
}

// The parameters behind the wrong layer are right, and those before it are not: catches advice that points at a layer before
// or behind it, and a layer without parameters that is passed over.
TEST(GradcheckModel, SaysBehindWhichLayerAllIsRight) {
    nn::Sequential model{nn::Input({6}),
                         nn::Dense(5),
                         nn::BatchNormalization(),
                         nn::Activation(nn::tanh),
                         Wrong(),
                         nn::Activation(nn::sigmoid),
                         nn::Dense(4),
                         nn::Dense(3)};
    const ModelGradcheck report = gradcheck_model(model, Device::cpu(), 1);
    EXPECT_EQ(wrong_parameters(report),
              (std::vector<std::string>{"dense/kernel", "batch_normalization/gamma", "batch_normalization/beta"}));
    EXPECT_EQ(report.advice, "all is right behind wrong (Wrong): look there, at the gradient of its input");
}

// A parameter of its own spoils nothing before it.
TEST(GradcheckModel, NamesTheParameterWhoseLayerGetsWhatIsRight) {
    nn::Sequential model{nn::Input({6}), nn::Dense(5), HalfScale(), nn::Dense(3)};
    const ModelGradcheck report = gradcheck_model(model, Device::cpu(), 1);
    EXPECT_EQ(wrong_parameters(report), (std::vector<std::string>{"half_scale/scale"}));
    EXPECT_EQ(report.advice,
              "what arrives at half_scale (HalfScale) is right: look there, at the gradient of its scale");
}

// Two faults at once: both are named, and what the second spoils is not taken for a third.
TEST(GradcheckModel, NamesEveryFaultOfAModel) {
    nn::Sequential model{nn::Input({6}), nn::Dense(5), Wrong(), nn::Dense(4), HalfScale(), nn::Dense(3)};
    EXPECT_EQ(gradcheck_model(model, Device::cpu(), 1).advice,
              "what arrives at half_scale (HalfScale) is right: look there, at the gradient of its scale; all is right "
              "behind wrong (Wrong): look there, at the gradient of its input");
}

// In a model with branches the layers behind are those that take the output, not the next in the list.
TEST(GradcheckModel, FollowsBranches) {
    nn::Functional model({6}, [](nn::Value x) {
        x = x | nn::Dense(5);
        const nn::Value shortcut = x | Wrong();
        x = x | nn::Dense(5) | nn::Activation(nn::tanh);
        return nn::add(x, shortcut) | nn::Dense(3);
    });
    const std::string advice = gradcheck_model(model, Device::cpu(), 1).advice;
    EXPECT_EQ(advice,
              "all is right behind wrong (Wrong) and dense_1 (Dense): look there, at the gradient of their input");
}

// A wrong logit's gradient is the loss's, and one that is no number is wrong.
TEST(GradcheckModel, CatchesGradientsThatAreNoNumbers) {
    class NotANumber final : public nn::UnaryLayer {
    public:
        std::string type() const override { return "NotANumber"; }
        Shape build(const Shape& input) override { return input; }
        Tensor forward(const Tensor& x, const nn::Call&) const override {
            return autograd::differentiable("nan", {x}, x.detach(), [](const Tensor& dy, autograd::Gradients& dx) {
                dx.give(0, ops::affine(dy, std::nan(""), 0));
            });
        }
    };
    nn::Sequential model{nn::Input({6}), nn::Dense(5), NotANumber(), nn::Dense(3)};
    EXPECT_EQ(gradcheck_model(model, Device::cpu(), 1).advice,
              "all is right behind not_anumber (NotANumber): look there, at the gradient of its input");
}

}  // namespace
}  // namespace cairn::train
