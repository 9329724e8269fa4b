#include "nn/model.h"

#include "autograd/graph.h"
#include "autograd/profile.h"
#include "backend/backends.h"

#include <algorithm>

namespace cairn::nn {

namespace {

// Parameters begin at multiples of this many elements: 256 bytes in float32, which every device accepts as the start of
// a buffer's range.
constexpr std::int64_t alignment = 64;

std::int64_t aligned(std::int64_t n) { return (n + alignment - 1) / alignment * alignment; }

std::vector<Shape> outputs_of(const std::vector<Model::Placed>& layers, const std::vector<std::size_t>& from) {
    std::vector<Shape> shapes;
    for (const std::size_t i : from) shapes.push_back(layers[i].output);
    return shapes;
}

void upload(const Tensor& to, const std::vector<double>& values) {
    with_float(to.dtype(), [&]<typename T>() {
        const std::vector<T> rounded(values.begin(), values.end());
        to.upload(rounded.data());
    });
}

}  // namespace

std::size_t Model::place(std::shared_ptr<Layer> layer, std::vector<std::size_t> from) {
    const std::string base = snake_case(layer->type());
    const auto alike = std::count_if(layers_.begin(), layers_.end(),
                                     [&](const Placed& placed) { return placed.layer->type() == layer->type(); });
    Placed placed{alike == 0 ? base : fmt::format("{}_{}", base, alike), std::move(layer), std::move(from), {}, 0};
    placed.layer->set_ordinal(static_cast<std::uint32_t>(layers_.size()));
    if (const auto* input = dynamic_cast<const Input*>(placed.layer.get())) {
        check(placed.from.empty(), "{}: an Input has nothing before it", placed.name);
        placed.output = input->shape();
    } else {
        placed.output = placed.layer->build(outputs_of(layers_, placed.from));
    }
    for (const std::size_t i : placed.from) {
        layers_[i].last_use = layers_.size();
        ++layers_[i].uses;
    }
    layers_.push_back(std::move(placed));
    return layers_.size() - 1;
}

void Model::initialize(const ModelOptions& options) {
    options_ = options;
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
        upload(part, parameter->initializer(parameter->shape.size(), random));
        parameter->value = parameter->trainable
                               ? autograd::variable(part, gradients_.view(parameter->offset, parameter->shape))
                               : part;
    }
}

Tensor Model::operator()(const Tensor& x, const Call& call) const {
    check(values_.defined(), "the model has no values yet; call initialize() first");
    check(x.rank() > 0 && x.shape().drop_first() == input_shape(),
          "the model takes a batch of inputs {}, not a tensor {}", input_shape(), x.shape());
    Tensors outputs(layers_.size());
    outputs[0] = x;
    for (std::size_t i = 1; i < layers_.size(); ++i) {
        Tensors inputs;
        for (const std::size_t from : layers_[i].from) inputs.push_back(outputs[from]);
        const autograd::Scope scope(layers_[i].name);
        const Tensor of_pair = fused_pair(i, inputs.front(), call);
        if (!of_pair.defined()) outputs[i] = layers_[i].layer->forward(inputs, call);
        for (const std::size_t from : layers_[i].from)
            if (layers_[from].last_use == i) outputs[from] = Tensor();
        if (of_pair.defined()) outputs[++i] = of_pair;
    }
    return outputs.back();
}

Tensor Model::fused_pair(std::size_t i, const Tensor& x, const Call& call) const {
    if (!options_.fuse || i + 1 == layers_.size() || layers_[i].uses != 1 || layers_[i].last_use != i + 1) return {};
    const auto* convolution = dynamic_cast<const Conv2D*>(layers_[i].layer.get());
    if (!convolution) return {};
    const Layer* next = layers_[i + 1].layer.get();
    if (const auto* pooling = dynamic_cast<const MaxPooling2D*>(next)) return convolution->forward_pooled(x, *pooling);
    const auto* normalization = call.training ? dynamic_cast<const BatchNormalization*>(next) : nullptr;
    return normalization ? convolution->forward_normalized(x, *normalization) : Tensor();
}

Tensor Model::penalty() const {
    Tensor total;
    for (const Placed& placed : layers_) {
        const autograd::Scope scope(placed.name);
        const Tensor penalty = placed.layer->penalty();
        if (penalty.defined()) total = total.defined() ? ops::add(total, penalty) : penalty;
    }
    return total;
}

std::vector<Model::NamedParameter> Model::parameters() const {
    std::vector<NamedParameter> all;
    for (const Placed& placed : layers_)
        for (Parameter& parameter : placed.layer->parameters())
            all.push_back({placed.name + "/" + parameter.name, &parameter});
    return all;
}

std::int64_t Model::count_parameters(bool trainable) const {
    std::int64_t count = 0;
    for (const auto& [name, parameter] : parameters())
        if (parameter->trainable == trainable) count += parameter->shape.size();
    return count;
}

std::int64_t Model::flops() const {
    std::int64_t total = 0;
    for (const Placed& placed : layers_) total += placed.layer->flops();
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
        place(layers[i], i == 0 ? std::vector<std::size_t>{} : std::vector<std::size_t>{i - 1});
}

}  // namespace cairn::nn
