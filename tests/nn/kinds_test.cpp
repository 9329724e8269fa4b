// The layers beyond those of the chapters: shapes, parameters, costs and random numbers. What they compute is compared
// with Keras in tests/golden, their gradients are checked with their ops.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/functional.h"
#include "cairn/ops/operators.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace cairn::nn {
namespace {

// What a layer makes of an input of one sample: the shape that it announces, its parameters and its cost. The numbers are
// Keras's (count_params) and, for the cost, written out.
struct Expected {
    Shape output;
    std::int64_t parameters = 0;
    std::int64_t flops = 0;
};

template <typename L>
void check_layer(const Shape& input, const L& layer, const Expected& expected) {
    Sequential model{Input(input), layer};
    model.initialize({.seed = 1});
    EXPECT_EQ(model.output_shape(), expected.output) << layer.type();
    EXPECT_EQ(model.count_parameters(true), expected.parameters) << layer.type();
    EXPECT_EQ(model.flops(), expected.flops) << layer.type();
    const Tensor x = full(input.prepend(3), 0.5, DType::float32, Device::cpu());
    for (const bool training : {false, true})
        EXPECT_EQ(model(x, {.training = training}).shape(), expected.output.prepend(3)) << layer.type();
}

// Catches height and width exchanged, a parameter too many, and a cost that forgets groups.
TEST(LayerKinds, SayWhatTheyCompute) {
    check_layer({9, 7, 4}, Conv2D(6, {3, 2}, {.dilation_rate = {2, 3}, .groups = 2}),
                {{5, 4, 6}, 3 * 2 * 2 * 6 + 6, 2 * 5 * 4 * 6 * 3 * 2 * 2});
    check_layer({9, 7, 4}, DepthwiseConv2D({3, 2}, {.strides = {2, 1}, .depth_multiplier = 3}),
                {{4, 6, 12}, 3 * 2 * 12 + 12, 2 * 4 * 6 * 12 * 3 * 2});
    check_layer({9, 7, 4}, SeparableConv2D(5, {3, 2}, {.padding = same, .depth_multiplier = 2}),
                {{9, 7, 5}, 3 * 2 * 8 + 8 * 5 + 5, 2 * 9 * 7 * 8 * 3 * 2 + 2 * 9 * 7 * 5 * 8});
    check_layer({3, 4, 2}, Conv2DTranspose(5, {3, 2}, {.strides = {2, 3}}),
                {{7, 12, 5}, 3 * 2 * 5 * 2 + 5, 2 * 3 * 4 * 2 * 3 * 2 * 5});
    check_layer({9, 7, 4}, AveragePooling2D({2, 3}), {{4, 2, 4}});
    check_layer({9, 7, 4}, GlobalAveragePooling2D(), {{4}});
    check_layer({9, 7, 4}, GlobalMaxPooling2D({.keepdims = true}), {{1, 1, 4}});
    check_layer({3, 4, 2}, UpSampling2D({3, 2}), {{9, 8, 2}});
    check_layer({3, 4, 2}, Reshape({-1, 6}), {{4, 6}});
    check_layer({3, 4, 6}, LayerNormalization(), {{3, 4, 6}, 12});
    check_layer({3, 4, 6}, LayerNormalization({.center = false, .scale = false}), {{3, 4, 6}, 0});
    check_layer({3, 4, 6}, LayerNormalization({.axis = {1}}), {{3, 4, 6}, 2 * 3});
    check_layer({3, 4, 6}, LayerNormalization({.axis = {1, -1}, .scale = false}), {{3, 4, 6}, 3 * 6});
    check_layer({3, 4, 6}, LayerNormalization({.axis = {1, 2, 3}}), {{3, 4, 6}, 2 * 3 * 4 * 6});
    check_layer({3, 4, 6}, GroupNormalization(3, {.scale = false}), {{3, 4, 6}, 6});
    check_layer({3, 4, 32}, GroupNormalization(), {{3, 4, 32}, 64});
    check_layer({3, 4, 2}, SpatialDropout2D(0.5), {{3, 4, 2}});
    check_layer({3, 4, 2}, GaussianNoise(0.5), {{3, 4, 2}});
    check_layer({3, 4, 2}, Rescaling(2, 1), {{3, 4, 2}});
    check_layer({3, 4, 2}, ZeroPadding2D(), {{5, 6, 2}});
    check_layer({3, 4, 2}, ZeroPadding2D({1, 2}), {{5, 8, 2}});
    check_layer({3, 4, 2}, ZeroPadding2D({1, 2}, {0, 3}), {{6, 7, 2}});
    check_layer({3, 4, 2}, Cropping2D({1, 1}), {{1, 2, 2}});
    check_layer({3, 4, 2}, Cropping2D({0, 1}, {2, 1}), {{2, 1, 2}});
    check_layer({3, 4, 2}, RandomFlip(), {{3, 4, 2}});
    check_layer({3, 4, 2}, RandomTranslation(0.5, {0.1, 0.2}), {{3, 4, 2}});
}

// The initial kernels keep Keras's fans, which count channels of a group and, in a transposed kernel, filters first.
TEST(LayerKinds, DrawKernelsWithinGlorotsLimits) {
    Sequential model{Input({9, 9, 20}), Conv2D(30, {3, 3}, {.groups = 10}),
                     DepthwiseConv2D({3, 3}, {.depth_multiplier = 2}), Conv2DTranspose(10, {3, 3}),
                     SeparableConv2D(40, {3, 3}, {.depth_multiplier = 4})};
    model.initialize({.seed = 2});
    const double fans[] = {9 * 2 + 9 * 30, 9 * 30 + 9 * 2, 9 * 10 + 9 * 60, 9 * 10 + 9 * 4, 40 + 40};
    std::size_t kernels = 0;
    for (const auto& [name, parameter] : model.parameters()) {
        if (parameter->shape.rank() != 4) continue;
        double largest = 0;
        for (const float v : parameter->value.to_vector<float>())
            largest = std::max(largest, std::abs(static_cast<double>(v)));
        const double limit = std::sqrt(6 / fans[kernels++]);
        EXPECT_LE(largest, limit) << name;
        EXPECT_GT(largest, 0.97 * limit) << name;
    }
    EXPECT_EQ(kernels, 5u);
}

// The layer of CONTRIBUTING.md, "Adding a layer".
class Scale final : public UnaryLayer {
public:
    std::string type() const override { return "Scale"; }
    Shape build(const Shape& input) override {
        scale_ = add_parameter("scale", {input[-1]}, nn::ones());
        return input;
    }
    Tensor forward(const Tensor& x, const nn::Call&) const override { return x * scale_->value; }

private:
    std::shared_ptr<nn::Parameter> scale_;
};

// A layer of one's own has a name, parameters and gradients like the library's.
TEST(LayerKinds, ALayerOfOnesOwn) {
    Functional model({2}, [](Value x) { return x | Scale() | Scale(); });
    model.initialize({.dtype = DType::float64});
    EXPECT_EQ(model.parameters().back().name, "scale_1/scale");
    const Tensor x = from_values<double>({1, 2}, {3, 4}, Device::cpu());
    autograd::backward(ops::sum(model(x, {.training = true})));
    for (const auto& [name, parameter] : model.parameters())
        EXPECT_EQ(autograd::gradient(parameter->value).to_vector<double>(), (std::vector<double>{3, 4})) << name;
}

// 0.5 times the square of each kernel's and bias's numbers, all of them 2, and the mean over the batch of the outputs' sizes:
// catches a regularizer that does nothing, and one of another parameter.
TEST(LayerKinds, ArePenalized) {
    const auto twos = constant(2);
    const Regularizer half = l2(0.5);
    const auto check_penalties = [](const auto& layer, std::int64_t penalized, double activity) {
        Sequential model{Input({3, 3, 2}), layer};
        model.initialize({.dtype = DType::float64});
        EXPECT_DOUBLE_EQ(model.penalty().item(), 0.5 * 4 * static_cast<double>(penalized)) << layer.type();
        Tensors penalties;
        model(full({5, 3, 3, 2}, 0.25, DType::float64, Device::cpu()), {.training = true, .penalties = &penalties});
        ASSERT_EQ(penalties.size(), 1u) << layer.type();
        EXPECT_DOUBLE_EQ(penalties[0].item(), activity) << layer.type();
    };
    check_penalties(DepthwiseConv2D({3, 3}, {.depthwise_initializer = twos,
                                             .bias_initializer = twos,
                                             .depthwise_regularizer = half,
                                             .bias_regularizer = half,
                                             .activity_regularizer = l1(1)}),
                    18 + 2, 2 * (9 * 0.5 + 2));
    check_penalties(SeparableConv2D(4, {3, 3},
                                    {.depthwise_initializer = twos,
                                     .pointwise_initializer = twos,
                                     .bias_initializer = twos,
                                     .depthwise_regularizer = half,
                                     .pointwise_regularizer = half,
                                     .bias_regularizer = half,
                                     .activity_regularizer = l1(1)}),
                    18 + 8 + 4, 4 * (2 * 2 * 9 * 0.5 + 2));
    check_penalties(Conv2DTranspose(4, {1, 1},
                                    {.kernel_initializer = twos,
                                     .bias_initializer = twos,
                                     .kernel_regularizer = half,
                                     .bias_regularizer = half,
                                     .activity_regularizer = l1(1)}),
                    8 + 4, 9 * 4 * (2 * 0.5 + 2));
}

// gamma's numbers begin at 3 and cost their squares, beta's at -2 and cost their sizes: catches one taken for the other, and an
// option that a normalization passes over.
TEST(LayerKinds, NormalizationsBeginAndArePenalizedAsAsked) {
    const auto check_begin = [](const auto& layer) {
        Sequential model{Input({2, 2, 6}), layer};
        model.initialize({.dtype = DType::float64});
        for (const auto& [name, parameter] : model.parameters()) {
            const double first = name.ends_with("gamma")         ? 3
                                 : name.ends_with("beta")        ? -2
                                 : name.ends_with("moving_mean") ? 0.5
                                                                 : 4;
            EXPECT_EQ(parameter->value.template to_vector<double>(), std::vector<double>(6, first)) << name;
        }
        EXPECT_DOUBLE_EQ(model.penalty().item(), 6 * (9 + 2)) << layer.type();
    };
    check_begin(BatchNormalization({.beta_initializer = constant(-2),
                                    .gamma_initializer = constant(3),
                                    .moving_mean_initializer = constant(0.5),
                                    .moving_variance_initializer = constant(4),
                                    .beta_regularizer = l1(1),
                                    .gamma_regularizer = l2(1)}));
    check_begin(LayerNormalization({.beta_initializer = constant(-2),
                                    .gamma_initializer = constant(3),
                                    .beta_regularizer = l1(1),
                                    .gamma_regularizer = l2(1)}));
    check_begin(GroupNormalization(3, {.beta_initializer = constant(-2),
                                       .gamma_initializer = constant(3),
                                       .beta_regularizer = l1(1),
                                       .gamma_regularizer = l2(1)}));
    Sequential bare{Input({6}), LayerNormalization({.center = false, .scale = false, .gamma_regularizer = l2(1)})};
    bare.initialize({});
    EXPECT_FALSE(bare.penalty().defined());
}

// Catches a mask for pixels instead of channels, a rate that is not kept, a scale that is missing.
TEST(SpatialDropout2DLayer, DropsWholeChannels) {
    Sequential model{Input({3, 2, 400}), SpatialDropout2D(0.25)};
    model.initialize({});
    const Tensor x = full({2, 3, 2, 400}, 3, DType::float32, Device::cpu());
    const std::vector<float> y = model(x, {.training = true, .seed = 1}).to_vector<float>();
    int dropped = 0;
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t c = 0; c < 400; ++c) {
            std::set<float> values;
            for (std::size_t pixel = 0; pixel < 6; ++pixel) values.insert(y[(n * 6 + pixel) * 400 + c]);
            ASSERT_EQ(values.size(), 1u) << "a channel in part";
            EXPECT_TRUE(*values.begin() == 0 || *values.begin() == 4);
            dropped += *values.begin() == 0;
        }
    EXPECT_NEAR(dropped, 200, 5 * std::sqrt(800 * 0.25 * 0.75));
    EXPECT_EQ(model(x, {}).to_vector<float>(), x.to_vector<float>());
    EXPECT_EQ(model(x, {.training = true, .dropout = false}).to_vector<float>(), x.to_vector<float>());
}

// Catches noise in inference, the same noise at every step or in every layer, and another deviation.
TEST(GaussianNoiseLayer, AddsNoiseInTrainingOnly) {
    Sequential model{Input({5000}), GaussianNoise(0.5)};
    Sequential second{Input({5000}), Activation(linear), GaussianNoise(0.5)};
    model.initialize({.dtype = DType::float64});
    second.initialize({.dtype = DType::float64});
    const Tensor x = full({2, 5000}, 1, DType::float64, Device::cpu());
    const auto run = [&](const Model& m, const Call& call) { return m(x, call).to_vector<double>(); };
    const std::vector<double> y = run(model, {.training = true, .seed = 1});
    double sum = 0, squares = 0;
    for (const double value : y) {
        sum += value - 1;
        squares += (value - 1) * (value - 1);
    }
    EXPECT_NEAR(sum / 10000, 0, 5 * 0.5 / 100);  // five standard errors of the mean, and of the variance
    EXPECT_NEAR(squares / 10000, 0.25, 5 * 0.25 * std::sqrt(2.0 / 10000));
    EXPECT_EQ(run(model, {.training = true, .seed = 1}), y);
    EXPECT_NE(run(model, {.training = true, .seed = 1, .step = 1}), y);
    EXPECT_NE(run(second, {.training = true, .seed = 1}), y);
    EXPECT_EQ(run(model, {}), x.to_vector<double>());
    EXPECT_EQ(run(model, {.training = true, .dropout = false}), x.to_vector<double>());

    const Tensor variable = autograd::variable(x);
    autograd::backward(ops::sum(model(variable, {.training = true, .seed = 1})));
    EXPECT_EQ(autograd::gradient(variable).to_vector<double>(), x.to_vector<double>()) << "dx = dy";
}

// A squeeze-and-excitation block: catches a function that appends another layer than its name says.
TEST(LayerKinds, AreMergedByFunctions) {
    Functional model({2, 2, 3}, [](Value x) {
        const Value share = x | GlobalAveragePooling2D({.keepdims = true});
        return subtract(add(multiply(x, share), x), average(x, x));
    });
    model.initialize({.dtype = DType::float64});
    const Tensor x = from_values<double>({1, 2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2}, Device::cpu());
    const std::vector<double> y = model(x, {}).to_vector<double>();
    const double means[] = {3, 4, 5};
    for (std::size_t i = 0; i < y.size(); ++i) EXPECT_DOUBLE_EQ(y[i], x.to_vector<double>()[i] * means[i % 3]);
}

// A dense block: catches an axis that is counted from the sample and not from the batch, and inputs in another order.
TEST(LayerKinds, AreConcatenatedByAFunction) {
    const Tensor x = from_values<double>({1, 2, 1, 2}, {1, 2, 3, 4}, Device::cpu());
    const auto run = [&](int axis) {
        Functional model({2, 1, 2}, [axis](Value x_) { return concatenate({x_, x_ | Rescaling(10), x_}, axis); });
        model.initialize({.dtype = DType::float64});
        const Tensor y = model(x, {});
        EXPECT_EQ(y.shape().drop_first(), model.output_shape());
        return y.to_vector<double>();
    };
    EXPECT_EQ(run(-1), (std::vector<double>{1, 2, 10, 20, 1, 2, 3, 4, 30, 40, 3, 4}));
    EXPECT_EQ(run(3), run(-1));
    EXPECT_EQ(run(1), (std::vector<double>{1, 2, 3, 4, 10, 20, 30, 40, 1, 2, 3, 4}));

    Functional extremes({2, 1, 2}, [](Value x_) {
        const Value turned = x_ | Rescaling(-1, 5);
        return subtract(maximum(x_, turned), minimum(x_, turned));
    });
    extremes.initialize({.dtype = DType::float64});
    EXPECT_EQ(extremes(x, {}).to_vector<double>(), (std::vector<double>{3, 1, 1, 3}));
}

}  // namespace
}  // namespace cairn::nn
