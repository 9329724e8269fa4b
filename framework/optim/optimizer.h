// Optimizers work on arenas: one flat tensor of all parameters and one of their gradients, updated in one kernel.
#pragma once

#include "cairn/core/tensor.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::optim {

class Optimizer {
public:
    Optimizer() = default;
    Optimizer(const Optimizer&) = delete;
    Optimizer& operator=(const Optimizer&) = delete;
    virtual ~Optimizer() = default;

    virtual std::string name() const = 0;

    // Moves `values` by one step against `gradients` (both flat, same size), in place. gate (int32 scalar, optional):
    // nothing changes where it is 0. The slots are allocated, as zeros, at the first update.
    void update(const Tensor& values, const Tensor& gradients, const Tensor& gate = {});

    double learning_rate() const { return learning_rate_; }
    void set_learning_rate(
        double rate);  // for schedules; takes effect at the next update. Throws Error unless positive

    // What the next update depends on besides the values: the number of updates so far, and the slots by name.
    std::int64_t steps() const { return steps_; }
    std::vector<std::pair<std::string, Tensor>> slots() const;
    void restore(std::int64_t steps, const std::vector<std::pair<std::string, Tensor>>& slots);

protected:
    virtual std::vector<std::string> slot_names() const = 0;
    virtual void apply(const Tensor& values, const Tensor& gradients, const Tensors& slots, const Tensor& gate) = 0;

private:
    double learning_rate_ = 1e-3;
    std::int64_t steps_ = 0;
    Tensors slots_;
};

struct AdamOptions {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
};

// Kingma and Ba 2015, in Keras's form: with t the number of this update,
//   m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//   w = w - lr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)
class Adam final : public Optimizer {
public:
    explicit Adam(const AdamOptions& options = {});
    std::string name() const override { return "adam"; }

protected:
    std::vector<std::string> slot_names() const override { return {"m", "v"}; }
    void apply(const Tensor& values, const Tensor& gradients, const Tensors& slots, const Tensor& gate) override;

private:
    AdamOptions options_;
};

struct SgdOptions {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
};

// velocity = momentum velocity - lr g      w = w + velocity      (nesterov: w = w + momentum velocity - lr g)
class Sgd final : public Optimizer {
public:
    explicit Sgd(const SgdOptions& options = {});
    std::string name() const override { return "sgd"; }

protected:
    std::vector<std::string> slot_names() const override;
    void apply(const Tensor& values, const Tensor& gradients, const Tensors& slots, const Tensor& gate) override;

private:
    SgdOptions options_;
};

}  // namespace cairn::optim
