#include "cairn/nn/losses.h"

#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace cairn::nn {

namespace {

// The labels as numbers of the logits' shape.
Tensor targets(const std::string& loss, const Tensor& logits, const Tensor& labels) {
    check(labels.defined(), "{}: the labels are an undefined Tensor", loss);
    if (labels.dtype() != DType::int32) {
        check(labels.shape() == logits.shape(), "{}: the labels {} must have the shape of the logits {}", loss,
              labels.shape(), logits.shape());
        ops::check_operands(loss.c_str(), {logits, labels});
        return labels;
    }
    check(logits.rank() == 2 && labels.shape() == Shape{logits.dim(0)},
          "{}: classes {} need logits ({}, classes), not {}", loss, labels.shape(), labels.size(), logits.shape());
    if (logits.dim(1) > 1) {
        ops::check_labels(loss.c_str(), logits, labels);
        return ops::one_hot(labels, logits.dim(1), logits.dtype());
    }
    const Tensor values = empty_like(logits);
    backend(logits).convert(labels, 1, values);
    return values;
}

Tensor smoothed(const Tensor& z, double smoothing, double share) {
    return smoothing == 0 ? z : ops::affine(z, 1 - smoothing, smoothing * share);
}

// (B, …) -> (B): the mean of each sample.
Tensor mean_of_samples(const Tensor& x) { return ops::mean(ops::reshape(x, {x.dim(0), -1}), {1}); }

// (…, C) -> (…): -sum of p log_softmax(x)
Tensor crossentropy(const Tensor& x, const Tensor& p) {
    return ops::affine(ops::sum(ops::mul(ops::log_softmax(x), p), {-1}), -1, 0);
}

void check_smoothing(const char* loss, double smoothing) {
    check(smoothing >= 0 && smoothing <= 1, "{}: the label smoothing must be from 0 to 1, not {}", loss, smoothing);
}

// A loss that is the mean of f(x - z).
template <typename F>
Loss of_error(const char* name, const F& f) {
    return {name, [=](const Tensor& logits, const Tensor& labels) {
                return mean_of_samples(f(ops::sub(logits, targets(name, logits, labels))));
            }};
}

}  // namespace

Tensor Loss::operator()(const Tensor& logits, const Tensor& labels, const Tensor& weights) const {
    check(logits.defined() && logits.rank() >= 1 && logits.size() > 0,
          "{}: the logits must be (batch, …), with at least one number", name_);
    if (!function_ && !weights.defined()) return ops::softmax_cross_entropy(logits, labels);
    if (weights.defined())
        check(weights.shape() == Shape{logits.dim(0)}, "{}: the weights {} must be ({},), one for each sample", name_,
              weights.shape(), logits.dim(0));
    if (!function_) {
        // The kernel takes probabilities that do not sum to 1.
        const Tensor z = targets(name_, logits, labels);
        return ops::softmax_cross_entropy(logits, ops::mul(z, ops::reshape(weights, {-1, 1})));
    }
    const Tensor losses = function_(logits, labels);
    const Shape each{logits.dim(0)};
    check(losses.defined() && (losses.shape() == each || losses.rank() == 0),
          "{}: a loss must give a number for each sample, {}, or their mean, (), not {}", name_, each,
          losses.defined() ? losses.shape().str() : "an undefined Tensor");
    if (losses.rank() == 0) {
        check(!weights.defined(),
              "{}: samples are weighted, but the loss gives their mean; let it give a number for each sample, {}",
              name_, each);
        return losses;
    }
    return ops::mean(weights.defined() ? ops::mul(losses, weights) : losses);
}

Loss categorical_crossentropy(const CrossentropyOptions& options) {
    const double smoothing = options.label_smoothing;
    check_smoothing("categorical_crossentropy", smoothing);
    if (smoothing == 0) return {};
    return {"categorical_crossentropy", [=](const Tensor& logits, const Tensor& labels) {
                const Tensor z = targets("categorical_crossentropy", logits, labels);
                return crossentropy(logits, smoothed(z, smoothing, 1.0 / static_cast<double>(logits.dim(-1))));
            }};
}

Loss binary_crossentropy(const CrossentropyOptions& options) {
    const double smoothing = options.label_smoothing;
    check_smoothing("binary_crossentropy", smoothing);
    return {"binary_crossentropy", [=](const Tensor& logits, const Tensor& labels) {
                const Tensor z = smoothed(targets("binary_crossentropy", logits, labels), smoothing, 0.5);
                return mean_of_samples(ops::sub(ops::softplus(logits), ops::mul(logits, z)));
            }};
}

Loss mean_squared_error() {
    return of_error("mean_squared_error", [](const Tensor& e) { return ops::square(e); });
}

Loss mean_absolute_error() {
    return of_error("mean_absolute_error", [](const Tensor& e) { return ops::abs(e); });
}

// With q = min(|e|, delta): q^2 / 2 + delta (|e| - q).
Loss huber(const HuberOptions& options) {
    const double delta = options.delta;
    check(delta > 0, "huber: delta must be above 0, not {}", delta);
    return of_error("huber", [=](const Tensor& e) {
        const Tensor size = ops::abs(e), beyond = ops::relu(ops::affine(size, 1, -delta));
        return ops::add(ops::affine(ops::square(ops::sub(size, beyond)), 0.5, 0), ops::affine(beyond, delta, 0));
    });
}

namespace {

struct NamedLoss {
    const char* name;
    bool of_probabilities;  // which label smoothing draws towards each other
    Loss (*make)(double label_smoothing);
};

constexpr std::array<NamedLoss, 5> named_losses{{
    {"categorical_crossentropy", true, [](double smoothing) { return categorical_crossentropy({smoothing}); }},
    {"binary_crossentropy", true, [](double smoothing) { return binary_crossentropy({smoothing}); }},
    {"mean_squared_error", false, [](double) { return mean_squared_error(); }},
    {"mean_absolute_error", false, [](double) { return mean_absolute_error(); }},
    {"huber", false, [](double) { return huber(); }},
}};

}  // namespace

std::vector<std::string> loss_names() {
    std::vector<std::string> names;
    for (const NamedLoss& loss : named_losses) names.emplace_back(loss.name);
    return names;
}

Loss loss_named(const std::string& name, double label_smoothing) {
    const auto* const named = std::ranges::find(named_losses, name, &NamedLoss::name);
    check(named != named_losses.end(), "unknown loss '{}'; there are {}", name, fmt::join(loss_names(), ", "));
    check(named->of_probabilities || label_smoothing == 0,
          "{} has no probabilities that could be smoothed; leave the label smoothing out", name);
    return named->make(label_smoothing);
}

}  // namespace cairn::nn
