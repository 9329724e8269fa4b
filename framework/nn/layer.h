// Layer: what every layer can do. Layers carry Keras's names, arguments and defaults.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/nn/parameter.h"
#include "cairn/nn/settings.h"

#include <span>

namespace cairn::nn {

// What a forward pass needs to know beyond its input.
struct Call {
    bool training = false;   // dropout drops and batch norm uses the batch's statistics
    bool dropout = true;     // false: nothing is drawn at random even in training, neither masks nor noise
    std::uint64_t seed = 0;  // of the run, for dropout's masks and other random numbers
    std::uint32_t step = 0;  // training step, so that every step draws new masks
    bool fuse = true;        // false: one layer after the other, whatever the model's own choice is
    ConvolutionAlgorithm convolution = ConvolutionAlgorithm::automatic;  // set by the model, from its options
    Tensors* penalties =
        nullptr;  // where layers put the penalties on their outputs (scalars); absent: nobody wants them

    bool draws() const { return training && dropout; }
};

class Layer {
public:
    Layer() = default;
    Layer(const Layer&) = default;
    Layer& operator=(const Layer&) = default;
    virtual ~Layer() = default;

    // Keras's class name: "Conv2D". The default name of a layer is this in snake case: "conv2d".
    virtual std::string type() const = 0;

    // Declares the parameters for these inputs and returns the output's shape. Shapes here are of one sample, without the
    // batch axis: (32, 32, 3). Throws Error that names the layer's type, the shape that came and what it needs.
    virtual Shape connect(std::span<const Shape> inputs) = 0;
    // The output for a batch: inputs (B, …) -> (B, …).
    virtual Tensor apply(std::span<const Tensor> inputs, const Call& call) const = 0;

    // What the layer adds to the loss (a scalar), or undefined: the penalty of its regularizer.
    virtual Tensor penalty() const { return {}; }
    // The regularizers of its kernels; see Model::set_l2.
    virtual std::vector<Regularizer*> kernel_regularizers() { return {}; }

    // What it was made with, but for what its shapes and parameters tell.
    virtual Settings settings() const { return {}; }

    // Floating-point operations of the forward pass for one sample, as ops/flops.h counts them.
    virtual std::int64_t flops() const { return 0; }

    using Parameters = std::vector<std::shared_ptr<Parameter>>;
    const Parameters& parameters() const { return parameters_; }

    // The layer's number in its model, which tells two dropouts' streams of random numbers apart.
    void set_ordinal(std::uint32_t ordinal) { ordinal_ = ordinal; }

protected:
    // The handle by which the layer reads the parameter's value once the model is initialized.
    std::shared_ptr<Parameter> add_parameter(const std::string& name, const Shape& shape, Initializer initializer,
                                             bool trainable = true);
    // The random numbers that the layer draws in a call, for one purpose.
    RandomKey random_key(const Call& call, Purpose purpose) const {
        return {call.seed, stream_of(purpose, ordinal_), call.step};
    }

private:
    Parameters parameters_;
    std::uint32_t ordinal_ = 0;
};

// A layer with one input, which says what it does in these two functions.
class UnaryLayer : public Layer {
public:
    virtual Shape build(const Shape& input) = 0;
    virtual Tensor forward(const Tensor& x, const Call& call) const = 0;

    Shape connect(std::span<const Shape> inputs) final;
    Tensor apply(std::span<const Tensor> inputs, const Call& call) const final { return forward(inputs.front(), call); }
};

// "MaxPooling2D" -> "max_pooling2d", as Keras names layers.
std::string snake_case(const std::string& type);

}  // namespace cairn::nn
