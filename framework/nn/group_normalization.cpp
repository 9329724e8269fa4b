// LayerNormalization and GroupNormalization, which treat each sample by itself.
#include "cairn/nn/normalization.h"
#include "cairn/ops/shaping.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

namespace cairn::nn {

namespace {

Tensor value_of(const std::shared_ptr<Parameter>& parameter) { return parameter ? parameter->value : Tensor(); }

Tensor penalty_of(const std::shared_ptr<Parameter>& parameter, const Regularizer& regularizer) {
    return parameter ? regularizer(parameter->value) : Tensor();
}

std::vector<std::int64_t> sizes_of(const Shape& shape) { return {shape.begin(), shape.end()}; }

// A parameter of several axes as the one axis that layer_norm takes.
Tensor flat(const std::shared_ptr<Parameter>& parameter) {
    return parameter ? ops::reshape(parameter->value, {-1}) : Tensor();
}

// The axes of a batch of such samples that are normalized, from the first to the last.
std::vector<int> normalized_axes(const std::vector<int>& named, const Shape& sample) {
    std::vector<int> axes;
    for (const int axis : named) {
        axes.push_back(axis < 0 ? axis + sample.rank() + 1 : axis);
        check(axes.back() >= 1 && axes.back() <= sample.rank(),
              "LayerNormalization: samples {} have no axis {}; -1 is the last, 1 the first (0 would be the batch)",
              sample, axis);
    }
    check(!axes.empty() && std::ranges::adjacent_find(axes, std::ranges::greater_equal()) == axes.end(),
          "LayerNormalization: the axes must be named once each and in their order, not as ({})",
          fmt::join(named, ", "));
    return axes;
}

}  // namespace

Shape LayerNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "LayerNormalization: needs at least a channel axis, not {}", input);
    const std::vector<int> axes = normalized_axes(options_.axis, input);
    Shape normalized;
    for (const int axis : axes) normalized = normalized.append(input[axis - 1]);
    axes_last_.clear();
    for (int axis = 0; axis <= input.rank(); ++axis)
        if (std::ranges::find(axes, axis) == axes.end()) axes_last_.push_back(axis);
    axes_last_.insert(axes_last_.end(), axes.begin(), axes.end());
    if (options_.scale) gamma_ = add_parameter("gamma", normalized, options_.gamma_initializer);
    if (options_.center) beta_ = add_parameter("beta", normalized, options_.beta_initializer);
    return input;
}

// The axes are brought to the end, where they become the one that layer_norm works along, and brought back.
Tensor LayerNormalization::forward(const Tensor& x, const Call&) const {
    const auto normalized = [&](const Tensor& moved) {
        std::int64_t length = 1;
        for (std::size_t i = axes_last_.size() - options_.axis.size(); i < axes_last_.size(); ++i)
            length *= x.dim(axes_last_[i]);
        const Tensor rows = options_.axis.size() == 1 ? moved : ops::reshape(moved, {-1, length});
        const Tensor y = ops::layer_norm(rows, flat(gamma_), flat(beta_), options_.epsilon);
        return options_.axis.size() == 1 ? y : ops::reshape(y, sizes_of(moved.shape()));
    };
    if (std::ranges::is_sorted(axes_last_)) return normalized(x);
    std::vector<int> back(axes_last_.size());
    for (std::size_t i = 0; i < back.size(); ++i) back[static_cast<std::size_t>(axes_last_[i])] = static_cast<int>(i);
    return ops::transpose(normalized(ops::transpose(x, axes_last_)), back);
}

Tensor LayerNormalization::penalty() const {
    return add_penalties(penalty_of(gamma_, options_.gamma_regularizer), penalty_of(beta_, options_.beta_regularizer));
}

GroupNormalization::GroupNormalization(std::int64_t groups, const GroupNormalizationOptions& options)
    : groups_(groups), options_(options) {
    check(groups >= 1 || groups == -1,
          "GroupNormalization: the number of groups must be positive, or -1 for each channel by itself, not {}",
          groups);
}

Shape GroupNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "GroupNormalization: needs at least a channel axis, not {}", input);
    const std::int64_t C = input[-1];
    check(groups_ == -1 || C % groups_ == 0,
          "GroupNormalization: the {} channels of {} cannot be split into {} groups; choose a divisor of {}, or -1 for "
          "each channel by itself",
          C, input, groups_, C);
    if (options_.scale) gamma_ = add_parameter("gamma", {C}, options_.gamma_initializer);
    if (options_.center) beta_ = add_parameter("beta", {C}, options_.beta_initializer);
    return input;
}

Tensor GroupNormalization::forward(const Tensor& x, const Call&) const {
    const std::int64_t groups = groups_ == -1 ? x.dim(-1) : groups_;
    return ops::group_norm(x, groups, value_of(gamma_), value_of(beta_), options_.epsilon);
}

Tensor GroupNormalization::penalty() const {
    return add_penalties(penalty_of(gamma_, options_.gamma_regularizer), penalty_of(beta_, options_.beta_regularizer));
}

namespace {

template <typename Options>
Settings settings_of(const Options& options) {
    const Options usual;
    Settings settings;
    settings.add("epsilon", options.epsilon, usual.epsilon);
    settings.add("center", options.center, usual.center);
    settings.add("scale", options.scale, usual.scale);
    return settings;
}

}  // namespace

Settings LayerNormalization::settings() const { return settings_of(options_); }

Settings GroupNormalization::settings() const {
    Settings settings = settings_of(options_);
    settings.add("groups", static_cast<double>(groups_));
    return settings;
}

}  // namespace cairn::nn
