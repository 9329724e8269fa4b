// Layers with several inputs, which are combined number by number (Concatenate lays them side by side). Sizes must be equal, or 1 where an input is repeated: a
// Multiply of (32, 32, 64) and (1, 1, 64) scales channels.
#pragma once

#include "cairn/nn/layer.h"

namespace cairn::nn {

// What these layers share: the output is the inputs combined, the first two first.
class Merge : public Layer {
public:
    Shape connect(std::span<const Shape> inputs) override;
    Tensor apply(std::span<const Tensor> inputs, const Call& call) const override;

protected:
    virtual Tensor combine(const Tensor& a, const Tensor& b) const = 0;
};

class Add final : public Merge {
public:
    std::string type() const override { return "Add"; }

protected:
    Tensor combine(const Tensor& a, const Tensor& b) const override;
};

// The first input minus the second.
class Subtract final : public Merge {
public:
    std::string type() const override { return "Subtract"; }
    Shape connect(std::span<const Shape> inputs) override;

protected:
    Tensor combine(const Tensor& a, const Tensor& b) const override;
};

class Multiply final : public Merge {
public:
    std::string type() const override { return "Multiply"; }

protected:
    Tensor combine(const Tensor& a, const Tensor& b) const override;
};

class Average final : public Merge {
public:
    std::string type() const override { return "Average"; }
    Tensor apply(std::span<const Tensor> inputs, const Call& call) const override;

protected:
    Tensor combine(const Tensor& a, const Tensor& b) const override;
};

// The larger number; the first of equal ones gets the gradient.
class Maximum final : public Merge {
public:
    std::string type() const override { return "Maximum"; }

protected:
    Tensor combine(const Tensor& a, const Tensor& b) const override;
};

// The smaller number, as Maximum.
class Minimum final : public Merge {
public:
    std::string type() const override { return "Minimum"; }

protected:
    Tensor combine(const Tensor& a, const Tensor& b) const override;
};

// The inputs one behind the other along an axis, in whose size alone they may differ. The axes are counted as Keras counts
// them, from the batch: 1 is the first of a sample, -1 the channels.
class Concatenate final : public Layer {
public:
    explicit Concatenate(int axis = -1) : axis_(axis) {}
    std::string type() const override { return "Concatenate"; }
    Settings settings() const override;
    Shape connect(std::span<const Shape> inputs) override;
    Tensor apply(std::span<const Tensor> inputs, const Call& call) const override;

private:
    int axis_;
};

}  // namespace cairn::nn
