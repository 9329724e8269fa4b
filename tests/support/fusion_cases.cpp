#include "support/fusion_cases.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "support/compare.h"

#include <gtest/gtest.h>

#include <set>

namespace cairn::test {

namespace {

using nn::Value;

FusionCase chain(const std::string& name, int in_training, int in_inference, const Shape& input,
                 const std::function<Value(Value)>& body) {
    return {name, [=] { return std::make_unique<nn::Functional>(input, body); }, in_training, in_inference};
}

// Every pair that is an op of its own, on images that are not square, with and without bias and activation.
std::vector<FusionCase> pairs() {
    const nn::Conv2DOptions plain{.padding = nn::same}, relu{.activation = nn::relu, .padding = nn::same};
    const nn::Conv2DOptions no_bias{.padding = nn::same, .use_bias = false};
    const nn::Conv2DOptions strided{.activation = nn::relu, .strides = {2, 2}, .padding = nn::same};
    const nn::Pooling2DOptions overlapping{.strides = {1, 1}};
    return {
        chain("conv_pool", 1, 1, {6, 7, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, relu) | nn::MaxPooling2D() | nn::Flatten() | nn::Dense(3);
              }),
        chain("conv_pool_without_activation_or_bias", 1, 1, {6, 7, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 2}, no_bias) | nn::MaxPooling2D({3, 2}, overlapping);
              }),
        chain("strided_conv_pool", 1, 1, {9, 8, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, strided) | nn::MaxPooling2D() | nn::Flatten();
              }),
        chain("conv_batch_norm", 1, 0, {5, 4, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, plain) | nn::BatchNormalization() | nn::Activation(nn::relu);
              }),
        chain("conv_batch_norm_without_bias", 1, 0, {5, 4, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, no_bias) | nn::BatchNormalization({.epsilon = 0.25});
              }),
        chain("strided_conv_batch_norm", 1, 0, {7, 6, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, strided) | nn::BatchNormalization({.momentum = 0.5});
              }),
        chain("conv_batch_norm_pool", 1, 0, {6, 7, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, relu) | nn::BatchNormalization() | nn::MaxPooling2D() |
                         nn::Flatten() | nn::Dense(3);
              }),
        chain("blocks_of_16_channels", 3, 1, {6, 5, 3},
              [=](Value x) {
                  x = x | nn::Conv2D(16, {3, 3}, plain) | nn::BatchNormalization() | nn::Activation(nn::relu);
                  x = x | nn::Conv2D(16, {3, 3}, relu) | nn::BatchNormalization();
                  return x | nn::Conv2D(16, {3, 3}, relu) | nn::MaxPooling2D() | nn::Flatten() | nn::Dense(3);
              }),
        chain("grouped_conv_pool", 1, 1, {6, 7, 4},
              [=](Value x) {
                  return x | nn::Conv2D(6, {3, 3}, {.activation = nn::relu, .padding = nn::same, .groups = 2}) |
                         nn::MaxPooling2D();
              }),
        chain("dilated_conv_pool", 1, 1, {6, 7, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, {.padding = nn::same, .dilation_rate = {2, 2}}) | nn::MaxPooling2D();
              }),
        chain("conv_of_each_channel_batch_norm", 1, 0, {6, 5, 16},
              [=](Value x) {
                  return x | nn::Conv2D(16, {3, 3}, {.activation = nn::relu, .padding = nn::same, .groups = 16}) |
                         nn::BatchNormalization();
              }),
        chain("dilated_conv_batch_norm", 1, 0, {6, 5, 16},
              [=](Value x) {
                  return x | nn::Conv2D(16, {3, 3}, {.padding = nn::same, .dilation_rate = {2, 1}}) |
                         nn::BatchNormalization();
              }),
        chain("conv_alone_at_the_end", 0, 0, {4, 5, 3},
              [=](Value x) {
                  return x | nn::Conv2D(4, {3, 3}, relu);
              }),
    };
}

// Branches: a convolution that two layers look at, one whose neighbour in the list looks at something else, and a pair
// whose input is needed again.
std::vector<FusionCase> branches() {
    const nn::Conv2DOptions relu{.activation = nn::relu, .padding = nn::same};
    const nn::MaxPooling2D pooling({3, 3}, {.strides = {1, 1}, .padding = nn::same});  // keeps the image's size
    return {
        chain("conv_seen_by_pool_and_add", 0, 0, {4, 5, 3},
              [=](Value x) {
                  const Value seen = x | nn::Conv2D(4, {3, 3}, relu);
                  return add(seen | nn::MaxPooling2D(pooling), seen);
              }),
        chain("conv_seen_by_batch_norm_and_add", 0, 0, {4, 5, 3},
              [=](Value x) {
                  const Value seen = x | nn::Conv2D(4, {3, 3}, relu);
                  return add(seen | nn::BatchNormalization(), seen);
              }),
        chain("pool_beside_conv", 0, 0, {4, 5, 3},
              [=](Value x) {
                  const Value convolved = x | nn::Conv2D(3, {3, 3}, relu);
                  return add(convolved, x | nn::MaxPooling2D(pooling));
              }),
        chain("batch_norm_beside_conv", 0, 0, {4, 5, 3},
              [=](Value x) {
                  const Value convolved = x | nn::Conv2D(3, {3, 3}, relu);
                  return add(convolved, x | nn::BatchNormalization());
              }),
        chain("pairs_around_a_shortcut", 2, 1, {4, 5, 3},
              [=](Value x) {
                  const Value shortcut = x | nn::Conv2D(4, {1, 1}) | nn::MaxPooling2D(pooling);
                  return add(shortcut | nn::Conv2D(4, {3, 3}, relu) | nn::BatchNormalization(), shortcut);
              }),
    };
}

// Random numbers for a whole tensor, of any float dtype and device.
void randomize(const Tensor& x, std::uint32_t ordinal, double low, double high) {
    RandomStream random({11, stream_of(Purpose::test, ordinal)});
    with_float(x.dtype(), [&]<typename T>() {
        std::vector<T> values(static_cast<std::size_t>(x.size()));
        for (T& value : values) value = static_cast<T>(random.uniform(low, high));
        x.upload(values.data());
    });
}

int count_nodes(const Tensor& y) {
    std::set<const autograd::Node*> seen;
    std::vector<const autograd::Node*> left{y.node().get()};
    while (!left.empty()) {
        const autograd::Node* node = left.back();
        left.pop_back();
        if (node == nullptr || !seen.insert(node).second) continue;
        for (const auto& input : node->inputs) left.push_back(input.get());
    }
    return static_cast<int>(seen.size());
}

// What a model computes from a batch in one mode.
struct Computed {
    int nodes;  // of the graph
    std::vector<std::pair<std::string, Tensor>> numbers;
};

Computed compute(const nn::Model& model, bool training) {
    const Device device = model.options().device;
    const DType dtype = model.options().dtype;
    const Tensor images = empty(model.input_shape().prepend(3), dtype, device);
    randomize(images, 1, -1, 1);
    const Tensor x = autograd::variable(images);
    model.clear_gradients();
    const Tensor y = model(x, {.training = training});
    const Tensor dy = empty(y.shape(), dtype, device);
    randomize(dy, 2, -1, 1);
    Computed computed{count_nodes(y), {}};
    autograd::backward(y, dy);
    model.complete_gradients();
    const auto keep = [&](const std::string& name, const Tensor& tensor) {
        computed.numbers.emplace_back(name, from_values(tensor.shape(), numbers(tensor), Device::cpu()));
    };
    keep("logits", y.detach());
    keep("input's gradient", autograd::gradient(x));
    for (const auto& [name, parameter] : model.parameters())
        if (parameter->trainable) keep(name + "'s gradient", autograd::gradient(parameter->value));
        else keep(name, parameter->value);
    return computed;
}

std::vector<Computed> compute(const FusionCase& fusion_case, const nn::ModelOptions& options, bool training_first) {
    const std::unique_ptr<nn::Model> model = fusion_case.make();
    model->initialize(options);
    randomize(model->values(), 3, -0.5, 0.5);
    randomize(model->state(), 4, 0.5, 1.5);  // means and variances
    std::vector<Computed> in_both_modes;
    for (const bool training : {training_first, !training_first}) in_both_modes.push_back(compute(*model, training));
    return in_both_modes;
}

}  // namespace

const std::vector<FusionCase>& fusion_cases() {
    static const std::vector<FusionCase> all = [] {
        std::vector<FusionCase> cases = pairs();
        for (const FusionCase& c : branches()) cases.push_back(c);
        return cases;
    }();
    return all;
}

void expect_fused_as_unfused(const FusionCase& fusion_case, const Device& device, DType dtype, double tolerance) {
    for (const bool training_first : {true, false}) {
        const auto computed = [&](bool fuse) {
            return compute(fusion_case, {.device = device, .dtype = dtype, .seed = 1, .fuse = fuse}, training_first);
        };
        const std::vector<Computed> fused = computed(true), unfused = computed(false);
        for (std::size_t i = 0; i < fused.size(); ++i) {
            const bool training = (i == 0) == training_first;
            SCOPED_TRACE(fmt::format("{} on {}, in {}, which comes {}", fusion_case.name, device,
                                     training ? "training" : "inference", i == 0 ? "first" : "second"));
            EXPECT_EQ(unfused[i].nodes - fused[i].nodes, training ? fusion_case.in_training : fusion_case.in_inference)
                << "pairs that are one op";
            ASSERT_EQ(fused[i].numbers.size(), unfused[i].numbers.size());
            for (std::size_t k = 0; k < fused[i].numbers.size(); ++k) {
                const auto& [name, numbers] = fused[i].numbers[k];
                // A bias before a batch norm moves nothing in training: its gradient is 0 but for rounding.
                EXPECT_LT(relative_error(numbers, unfused[i].numbers[k].second, 1), tolerance) << name;
            }
        }
    }
}

}  // namespace cairn::test
