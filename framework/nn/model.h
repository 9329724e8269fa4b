// Model: layers put together, from the shape of one sample to the logits. Sequential is a chain of them.
//
//   nn::Sequential model{nn::Input({32, 32, 3}), nn::Flatten(), nn::Dense(10)};
//   model.initialize({.device = Device::cpu(), .seed = 1});
//   Tensor logits = model(images, {.training = true, .seed = 1, .step = 0});
#pragma once

#include "cairn/nn/fusion.h"
#include "cairn/nn/layers.h"

#include <concepts>
#include <memory>

namespace cairn::nn {

struct ModelOptions {
    Device device = Device::cpu();
    DType dtype = DType::float32;
    std::uint64_t seed = 0;  // of the initial values
    bool fuse = true;        // compute layers that follow each other in one op where there is one; the same numbers
    ConvolutionAlgorithm convolution = ConvolutionAlgorithm::automatic;  // how the cpu computes convolutions
};

class Model {
public:
    Model(Model&&) noexcept = default;
    Model& operator=(Model&&) noexcept = default;
    virtual ~Model() = default;

    const std::vector<NamedLayer>& layers() const { return layers_; }
    const Shape& input_shape() const { return layers_.front().output; }
    const Shape& output_shape() const { return layers_.back().output; }

    // Allocates all parameters and draws their initial values. Before it only shapes are known.
    void initialize(const ModelOptions& options);
    const ModelOptions& options() const { return options_; }

    // From now on the parameters whose names begin with the prefix stay as they are: "conv2d" means conv2d/kernel and
    // conv2d_1/kernel, "conv2d/" only the first. A frozen BatchNormalization normalizes by its moving statistics in
    // training too and keeps them, as Keras's does. Throws Error where no name begins so.
    void freeze(const std::string& prefix);

    // Makes this the factor of the L2 penalties on kernels, where the model has such. Throws Error where it has none.
    void set_l2(double l2);

    // Logits (B, classes) for a batch of inputs (B, …) of the model's dtype. Throws Error for inputs of another shape,
    // and before initialize().
    Tensor operator()(const Tensor& x, const Call& call) const;
    // The sum of the regularizers' penalties, a scalar; undefined if there are none. For speed take it before the
    // forward pass: its gradient is then added in place, after the layers' own.
    Tensor penalty() const;

    // Every parameter, as "conv2d/kernel", in the order of the layers.
    struct NamedParameter {
        std::string name;
        Parameter* parameter;
    };
    const std::vector<NamedParameter>& parameters() const { return parameters_; }
    std::int64_t count_parameters(bool trainable) const;
    std::int64_t flops() const;  // of a forward pass of one sample

    // The arenas (see parameter.h), flat. Gaps between parameters hold zeros.
    const Tensor& values() const { return values_; }
    const Tensor& gradients() const { return gradients_; }
    const Tensor& state() const { return state_; }

    // Before a backward pass: forgets the gradients of the last one (nothing is written).
    void clear_gradients() const;
    // After it: writes zeros where no gradient arrived, so that gradients() is complete.
    void complete_gradients() const;

protected:
    Model() = default;
    // Appends a layer that takes the outputs of `from`; returns its index.
    std::size_t add_layer(std::shared_ptr<Layer> layer, std::vector<std::size_t> from);

private:
    void plan_steps();

    std::vector<NamedLayer> layers_;
    std::vector<NamedParameter> parameters_;
    std::vector<Step> plain_, inference_, training_;  // layer by layer, and fused; see fusion.h
    ModelOptions options_;
    Tensor values_, gradients_, state_;
};

class Sequential final : public Model {
public:
    // The first layer is an Input. Throws Error, naming the layer, where shapes do not fit.
    template <typename... Layers>
    requires(std::derived_from<std::remove_cvref_t<Layers>, Layer>&&...) explicit Sequential(Layers&&... layers)
        : Sequential(std::vector<std::shared_ptr<Layer>>{
              std::make_shared<std::remove_cvref_t<Layers>>(std::forward<Layers>(layers))...}) {}

    explicit Sequential(const std::vector<std::shared_ptr<Layer>>& layers);
};

}  // namespace cairn::nn
