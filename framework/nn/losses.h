// Losses, with Keras's names, arguments, defaults and formulas: what a model's output costs, given the labels.
//
//   train::fit(model, adam, train, test, {.loss = nn::categorical_crossentropy({.label_smoothing = 0.1})})
//   train::fit(model, adam, train, test, {.loss = nn::Loss("cubic", [](const Tensor& logits, const Tensor& labels) { … })})
#pragma once

#include "cairn/core/tensor.h"

#include <concepts>
#include <functional>
#include <string>
#include <vector>

namespace cairn::nn {

// A differentiable function of logits (B, …) and labels, made of ops, with a name. The labels are int32 classes (B), as data
// sets have them, or numbers of the logits' shape and dtype.
class Loss {
public:
    // Gives the loss of every sample (B), or their mean: a scalar, whose samples cannot be weighted.
    using Function = std::function<Tensor(const Tensor& logits, const Tensor& labels)>;

    Loss() = default;  // categorical_crossentropy(), by its own kernel
    Loss(std::string name, Function function) : name_(std::move(name)), function_(std::move(function)) {}
    template <std::invocable<const Tensor&, const Tensor&> F>
    requires(!std::same_as<std::remove_cvref_t<F>, Loss>) Loss(F&& function)
        : Loss("function", std::forward<F>(function)) {}

    const std::string& name() const { return name_; }

    // The mean over the batch, a scalar. weights (B), optional, of the logits' dtype: sum of weight * loss, divided by B
    // all the same (Keras's sum_over_batch_size). Throws Error for shapes that do not fit.
    Tensor operator()(const Tensor& logits, const Tensor& labels, const Tensor& weights = {}) const;

private:
    std::string name_ = "categorical_crossentropy";
    Function function_;
};

struct CrossentropyOptions {
    double label_smoothing = 0;  // from 0 to 1
};
struct HuberOptions {
    double delta = 1;
};

// Each of one sample, with x its logits (C) and z the labels as numbers (C): of a class, 1 for it and 0 for the others (of
// logits with C = 1, z is the class itself).
//   categorical   -sum over c of z[c] log_softmax(x)[c]                       smoothed: z = z (1 - s) + s / C
//   binary        mean over c of softplus(x[c]) - x[c] z[c]                   smoothed: z = z (1 - s) + s / 2
//   squared       mean over c of (x[c] - z[c])^2
//   absolute      mean over c of |x[c] - z[c]|
//   huber         mean over c of e^2 / 2 where e = |x[c] - z[c]| <= delta, else of delta e - delta^2 / 2
Loss categorical_crossentropy(const CrossentropyOptions& options = {});  // of integers, Keras's sparse_categorical_…
Loss binary_crossentropy(const CrossentropyOptions& options = {});       // from logits, exact however large they are
Loss mean_squared_error();
Loss mean_absolute_error();
Loss huber(const HuberOptions& options = {});

// A loss by its name, as --loss gives it: those above with their default arguments, but for the label smoothing. Throws
// Error for an unknown name, and for a smoothing where there are no probabilities to smooth.
Loss loss_named(const std::string& name, double label_smoothing = 0);
std::vector<std::string> loss_names();

}  // namespace cairn::nn
