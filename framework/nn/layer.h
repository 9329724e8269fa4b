// Layer: what every layer can do. Layers carry Keras's names, arguments and defaults.
#pragma once

#include "nn/parameter.h"

namespace cairn::nn {

// What a forward pass needs to know beyond its input.
struct Call {
    bool training = false;   // dropout drops and batch norm uses the batch's statistics
    bool dropout = true;     // false: nothing is dropped even in training, and the loss depends on no random numbers
    std::uint64_t seed = 0;  // of the run, for dropout's masks
    std::uint32_t step = 0;  // training step, so that every step draws new masks
};

class Layer {
public:
    Layer() = default;
    Layer(const Layer&) = default;
    Layer& operator=(const Layer&) = default;
    virtual ~Layer() = default;

    // Keras's class name: "Conv2D". The default name of a layer is this in snake case: "conv2d".
    virtual std::string type() const = 0;

    // Shapes here are of one sample, without the batch axis: (32, 32, 3).
    // Declares the parameters for these inputs and returns the output's shape. Throws Error that names the layer's
    // type, the shape that came and what it needs. Layers with one input override the first; layers that merge several
    // the second.
    virtual Shape build(const Shape& input);
    virtual Shape build(const std::vector<Shape>& inputs);

    // The output for a batch: x (B, …) -> (B, …).
    virtual Tensor forward(const Tensor& x, const Call& call) const;
    virtual Tensor forward(const Tensors& inputs, const Call& call) const;

    // What the layer adds to the loss (a scalar), or undefined: the penalty of its regularizer.
    virtual Tensor penalty() const { return {}; }

    // Floating-point operations of the forward pass for one sample, as ops/flops.h counts them.
    virtual std::int64_t flops() const { return 0; }

    std::vector<Parameter>& parameters() { return parameters_; }
    const std::vector<Parameter>& parameters() const { return parameters_; }

    // The layer's place in its model, which tells two dropouts' streams of random numbers apart.
    void set_ordinal(std::uint32_t ordinal) { ordinal_ = ordinal; }

protected:
    void add_parameter(const std::string& name, const Shape& shape, Initializer initializer, bool trainable = true);
    const Tensor& value(std::size_t parameter) const { return parameters_[parameter].value; }
    std::uint32_t ordinal() const { return ordinal_; }

private:
    std::vector<Parameter> parameters_;
    std::uint32_t ordinal_ = 0;
};

// "MaxPooling2D" -> "max_pooling2d", as Keras names layers.
std::string snake_case(const std::string& type);

}  // namespace cairn::nn
