#include "cairn/nn/model.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/profile.h"
#include "cairn/backend/devices.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace cairn::nn {

namespace {

// Parameters begin at multiples of this many elements: 256 bytes in float32, which every device accepts as the start of
// a buffer's range.
constexpr std::int64_t alignment = 64;

std::int64_t aligned(std::int64_t n) { return (n + alignment - 1) / alignment * alignment; }

void upload(const Tensor& to, const std::vector<double>& values) {
    with_float(to.dtype(), [&]<typename T>() {
        const std::vector<T> rounded(values.begin(), values.end());
        to.upload(rounded.data());
    });
}

}  // namespace

std::size_t Model::add_layer(std::shared_ptr<Layer> layer, std::vector<std::size_t> from) {
    const std::string base = snake_case(layer->type());
    const auto alike = std::ranges::count(layers_, layer->type(), [](const NamedLayer& l) { return l.layer->type(); });
    NamedLayer added{alike == 0 ? base : fmt::format("{}_{}", base, alike), std::move(layer), std::move(from), {}};
    added.layer->set_ordinal(static_cast<std::uint32_t>(layers_.size()));
    std::vector<Shape> inputs;
    for (const std::size_t i : added.from) inputs.push_back(layers_[i].output);
    added.output = added.layer->connect(inputs);
    for (const std::shared_ptr<Parameter>& parameter : added.layer->parameters())
        parameters_.push_back({added.name + "/" + parameter->name, parameter.get()});
    layers_.push_back(std::move(added));
    return layers_.size() - 1;
}

void Model::plan_steps() {
    plain_ = plan(layers_, {});
    inference_ = options_.fuse ? plan(layers_, fusion_rules(false)) : plain_;
    training_ = options_.fuse ? plan(layers_, fusion_rules(true)) : plain_;
}

void Model::freeze(const std::string& prefix) {
    bool found = false;
    for (const auto& [name, parameter] : parameters()) {
        if (!name.starts_with(prefix)) continue;
        parameter->frozen = true;
        found = found || parameter->trainable;
    }
    std::vector<std::string> names;
    for (const auto& [name, parameter] : parameters())
        if (parameter->trainable) names.push_back(name);
    check(found, "no parameter's name begins with '{}'; those that can be trained are {}", prefix,
          fmt::join(names, ", "));
    plan_steps();
}

void Model::set_l2(double l2) {
    check(l2 >= 0, "the factor of an L2 penalty must not be negative, but is {}", l2);
    bool found = false;
    for (const NamedLayer& named : layers_)
        for (Regularizer* regularizer : named.layer->kernel_regularizers())
            if (regularizer->l2 != 0) {
                regularizer->l2 = l2;
                found = true;
            }
    check(found, "the model has no L2 penalty on a kernel; give one of its layers a .kernel_regularizer = nn::l2({})",
          l2);
}

void Model::initialize(const ModelOptions& options) {
    options_ = options;
    plan_steps();
    std::int64_t trainable_size = 0, state_size = 0;
    for (const auto& [name, parameter] : parameters()) {
        std::int64_t& size = parameter->trainable ? trainable_size : state_size;
        parameter->offset = size;
        size += aligned(parameter->shape.size());
    }
    values_ = zeros({trainable_size}, options.dtype, options.device);
    gradients_ = zeros({trainable_size}, options.dtype, options.device);
    state_ = zeros({state_size}, options.dtype, options.device);

    std::uint32_t ordinal = 0;
    for (const auto& [name, parameter] : parameters()) {
        RandomStream random({options.seed, stream_of(Purpose::initialize, ordinal++), 0});
        const Tensor part = (parameter->trainable ? values_ : state_).view(parameter->offset, parameter->shape);
        const std::vector<double> values = parameter->initializer(parameter->shape, random);
        check(static_cast<std::int64_t>(values.size()) == parameter->shape.size(),
              "{}: its initializer gives {} values for a parameter {}", name, values.size(), parameter->shape);
        upload(part, values);
        parameter->value = parameter->trainable
                               ? autograd::variable(part, gradients_.view(parameter->offset, parameter->shape))
                               : part;
    }
}

Tensor Model::operator()(const Tensor& x, const Call& call) const {
    check(values_.defined(), "the model has no values yet; call initialize() first");
    check(x.rank() > 0 && x.shape().drop_first() == input_shape(),
          "the model takes a batch of inputs {}, not a tensor {}", input_shape(), x.shape());
    Call with_options = call;
    with_options.convolution = options_.convolution;
    Tensors outputs(layers_.size());
    outputs[0] = x;
    for (const Step& step : !call.fuse ? plain_ : call.training ? training_ : inference_) {
        Tensors inputs;
        for (const std::size_t i : step.inputs) inputs.push_back(outputs[i]);
        const autograd::Scope scope(layers_[step.first].name);
        outputs[step.last] = step.forward(inputs, with_options);
        for (const std::size_t i : step.finished) outputs[i] = Tensor();
    }
    return outputs.back();
}

Tensor Model::penalty() const {
    Tensor total;
    for (const auto& [name, layer, from, output] : layers_) {
        const autograd::Scope scope(name);
        total = add_penalties(total, layer->penalty());
    }
    return total;
}

std::int64_t Model::count_parameters(bool trainable) const {
    std::int64_t count = 0;
    for (const auto& [name, parameter] : parameters())
        if (parameter->trainable == trainable) count += parameter->shape.size();
    return count;
}

std::int64_t Model::flops() const {
    std::int64_t total = 0;
    for (const NamedLayer& named : layers_) total += named.layer->flops();
    return total;
}

void Model::clear_gradients() const {
    for (const auto& [name, parameter] : parameters())
        if (parameter->trainable) autograd::clear_gradient(parameter->value);
}

void Model::complete_gradients() const {
    for (const auto& [name, parameter] : parameters())
        if (parameter->trainable && !autograd::gradient(parameter->value).defined())
            backend(gradients_).fill(gradients_.view(parameter->offset, parameter->shape), 0);
}

Sequential::Sequential(const std::vector<std::shared_ptr<Layer>>& layers) {
    check(!layers.empty() && dynamic_cast<const Input*>(layers.front().get()),
          "a Sequential begins with an Input, which gives the shape of one sample");
    for (std::size_t i = 0; i < layers.size(); ++i)
        add_layer(layers[i], i == 0 ? std::vector<std::size_t>{} : std::vector<std::size_t>{i - 1});
}

}  // namespace cairn::nn
