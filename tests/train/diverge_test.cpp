// Two sides that compute the same agree; a wrong kernel is found, by the op, the pass and the element.
#include "cairn/train/diverge.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/data/shapes10.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cairn::train {
namespace {

enum class Fault { none, forward, backward, late, nan };

// y = 2 x; on the reference device one element of y or of dx is wrong by a tenth, if late from the second step on, or
// is NaN.
class Spoiled final : public nn::UnaryLayer {
public:
    explicit Spoiled(Fault fault) : fault_(fault) {}
    std::string type() const override { return "Spoiled"; }
    Shape build(const Shape& input) override { return input; }

    Tensor forward(const Tensor& x, const nn::Call&) const override {
        const bool late = fault_ == Fault::late && ++*calls_ > 1;
        const Tensor y = twice(x, fault_ == Fault::forward || late);
        if (fault_ == Fault::nan && x.device() == Device::reference())
            y.data<float>()[5] = std::numeric_limits<float>::quiet_NaN();
        return autograd::differentiable("spoiled", {x}, y, [*this](const Tensor& dy, autograd::Gradients& dx) {
            dx.give(0, twice(dy, fault_ == Fault::backward));
        });
    }

private:
    static Tensor twice(const Tensor& x, bool wrong) {
        const Tensor y = empty_like(x);
        backend(x).elementwise(Binary::add, x, x, y);
        if (wrong && x.device() == Device::reference()) y.data<float>()[5] += 0.1f;
        return y;
    }

    Fault fault_;
    std::shared_ptr<int> calls_ = std::make_shared<int>(0);
};

// y = relu(z), where one z is zero but for rounding, which goes another way on the reference device. Its gradient is that of
// the branch that z took.
class Ticklish final : public nn::UnaryLayer {
public:
    std::string type() const override { return "Ticklish"; }
    Shape build(const Shape& input) override { return input; }

    Tensor forward(const Tensor& x, const nn::Call&) const override {
        const Tensor z = to_device(x, x.device());
        for (std::int64_t i = 0; i < z.size(); ++i) z.data<float>()[i] = std::abs(z.data<float>()[i]);
        z.data<float>()[5] = x.device() == Device::reference() ? 1e-9f : 0;
        autograd::observe_signs(z);
        const Tensor y = to_device(z, z.device());
        return autograd::differentiable("ticklish", {x}, y, [z](const Tensor& dy, autograd::Gradients& gradients) {
            const Tensor dx = to_device(dy, dy.device());
            for (std::int64_t i = 0; i < z.size(); ++i)
                if (!(z.data<float>()[i] > 0)) dx.data<float>()[i] = 0;
            gradients.give(0, dx);
        });
    }
};

nn::Sequential model_with(Fault fault) {
    return nn::Sequential{nn::Input({32, 32, 3}),
                          nn::Conv2D(4, {3, 3}, {.activation = nn::relu}),
                          nn::MaxPooling2D({2, 2}),
                          nn::BatchNormalization(),
                          nn::Flatten(),
                          nn::Dropout(0.5),
                          nn::Dense(8),
                          Spoiled(fault),
                          nn::Dense(10)};
}

DivergeResult run(Fault fault, const nn::ModelOptions& left_side, const nn::ModelOptions& right_side,
                  const DivergeOptions& options = {.steps = 2, .batch_size = 8}) {
    static const data::Split images = data::make_shapes10(0, 32, 1);
    nn::Sequential left = model_with(fault), right = model_with(fault);
    left.initialize(left_side);
    right.initialize(right_side);
    return diverge(left, right, images.train, options);
}

TEST(Diverge, FindsNothingWhereNothingIsWrong) {
    const DivergeResult devices = run(Fault::none, {.device = Device::cpu()}, {.device = Device::reference()});
    EXPECT_FALSE(devices.first) << devices.first->layer << " " << devices.first->tensor << " " << devices.first->error;
    EXPECT_GT(devices.compared, 60);
    const DivergeResult types = run(Fault::none, {.dtype = DType::float64}, {.dtype = DType::float32});
    EXPECT_FALSE(types.first) << types.first->layer << " " << types.first->tensor << " " << types.first->error;
}

// Catches the cry of wolf: a sign that rounding decided, taken for a wrong gradient.
TEST(Diverge, ASignThatRoundingDecidesIsCountedAndNoFault) {
    const auto model = [] {
        return nn::Sequential{nn::Input({32, 32, 3}), nn::Flatten(), nn::Dense(7), Ticklish(), nn::Dense(10)};
    };
    static const data::Split images = data::make_shapes10(0, 32, 1);
    nn::Sequential left = model(), right = model();
    left.initialize({.device = Device::cpu()});
    right.initialize({.device = Device::reference()});
    const DivergeResult result = diverge(left, right, images.train, {.steps = 2, .batch_size = 8});
    EXPECT_FALSE(result.first) << result.first->layer << " " << result.first->tensor << " " << result.first->error;
    EXPECT_EQ(result.branches, 2) << "one in each step";
}

// The right side starts from the left's numbers, the moving statistics included: in training they show in the averages alone.
TEST(Diverge, StartsFromOneState) {
    static const data::Split images = data::make_shapes10(0, 16, 1);
    nn::Sequential left = model_with(Fault::none), right = model_with(Fault::none);
    left.initialize({.seed = 1});
    right.initialize({.seed = 2});
    backend(Device::cpu()).fill(left.state(), 2);
    const DivergeResult result = diverge(left, right, images.train, {.steps = 1, .batch_size = 8});
    EXPECT_FALSE(result.first) << result.first->layer << " " << result.first->tensor << " " << result.first->error;
}

// Starting from other weights, or shifting what is compared with what, would blame the first layer.
TEST(Diverge, NamesTheOpThatIsWrongForward) {
    const DivergeResult result = run(Fault::forward, {.device = Device::cpu()}, {.device = Device::reference()});
    ASSERT_TRUE(result.first);
    EXPECT_EQ(result.first->op, "spoiled");
    EXPECT_EQ(result.first->layer, "spoiled");
    EXPECT_EQ(result.first->pass, "forward");
    EXPECT_EQ(result.first->step, 1);
    EXPECT_EQ(result.first->index, 5);
    EXPECT_NEAR(result.first->right - result.first->left, 0.1, 1e-5);
}

TEST(Diverge, NamesTheStepFromWhichAnOpIsWrong) {
    const DivergeResult result = run(Fault::late, {.device = Device::cpu()}, {.device = Device::reference()});
    ASSERT_TRUE(result.first);
    EXPECT_EQ(result.first->op, "spoiled");
    EXPECT_EQ(result.first->step, 2);
}

TEST(Diverge, NamesTheOpThatIsWrongBackward) {
    const DivergeResult result = run(Fault::backward, {.device = Device::cpu()}, {.device = Device::reference()});
    ASSERT_TRUE(result.first);
    EXPECT_EQ(result.first->op, "spoiled");
    EXPECT_EQ(result.first->pass, "backward");
    EXPECT_EQ(result.first->index, 5);
}

// NaN on both sides is the same result, on one of them it is none: catches a NaN that no comparison with a bound would
// find.
TEST(Diverge, NaNOnOneSideAloneIsADifference) {
    for (const bool on_the_left : {false, true}) {
        const nn::ModelOptions wrong{.device = Device::reference()}, right{.device = Device::cpu()};
        const DivergeResult result = run(Fault::nan, on_the_left ? wrong : right, on_the_left ? right : wrong);
        ASSERT_TRUE(result.first) << on_the_left;
        EXPECT_EQ(result.first->op, "spoiled");
        EXPECT_EQ(result.first->index, 5);
        EXPECT_TRUE(std::isinf(result.first->error));
    }
    EXPECT_FALSE(run(Fault::nan, {.device = Device::reference()}, {.device = Device::reference()}).first);
}

// The bias of a convolution before a batch norm has no influence, and its gradient is what rounding left: catches two
// sides that part by that alone.
TEST(Diverge, AGradientOfRoundingAloneIsNoDifference) {
    static const data::Split images = data::make_shapes10(0, 16, 1);
    const auto made = [](const Device& device) {
        nn::Sequential model{nn::Input({32, 32, 3}),
                             nn::Conv2D(4, {3, 3}),
                             nn::BatchNormalization(),
                             nn::Activation(nn::relu),
                             nn::MaxPooling2D({8, 8}),
                             nn::Flatten(),
                             nn::Dense(10)};
        model.initialize({.device = device});
        return model;
    };
    nn::Sequential left = made(Device::cpu()), right = made(Device::reference());
    const DivergeResult result = diverge(left, right, images.train, {.steps = 1, .batch_size = 8, .go_on = true});
    EXPECT_FALSE(result.first) << result.first->layer << " " << result.first->tensor << " " << result.first->error;
    const auto bias = std::ranges::find(result.worst, "gradient of conv2d/bias", &Comparison::tensor);
    ASSERT_NE(bias, result.worst.end());
    EXPECT_GT(bias->error, 0);
    EXPECT_LT(std::abs(bias->left), 1e-5) << "it must be zero but for rounding";
}

// If the right side went on with its own wrong values, all later ops would part as well.
TEST(Diverge, BlamesOnlyTheOpThatIsWrong) {
    for (const Fault fault : {Fault::forward, Fault::backward}) {
        const DivergeResult result = run(fault, {.device = Device::cpu()}, {.device = Device::reference()},
                                         {.steps = 2, .batch_size = 8, .go_on = true});
        for (const Comparison& c : result.worst) EXPECT_EQ(c.parted(), c.op == "spoiled" && c.error > 1e-3) << c.tensor;
    }
}

}  // namespace
}  // namespace cairn::train
