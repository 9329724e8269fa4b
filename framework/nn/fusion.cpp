#include "cairn/nn/fusion.h"

#include <algorithm>
#include <array>

namespace cairn::nn {

namespace {

using Forward = std::function<Tensor(std::span<const Tensor>, const Call&)>;

// Conv2D, MaxPooling2D: nothing is kept between the two.
Forward pooled_convolution(const Layer& first, const Layer& second) {
    const auto* convolution = dynamic_cast<const Conv2D*>(&first);
    const auto* pooling = dynamic_cast<const MaxPooling2D*>(&second);
    if (!convolution || !pooling || !convolution->can_be_fused()) return {};
    return [=](std::span<const Tensor> x, const Call& call) {
        return ops::conv2d_max_pool2d(x.front(), convolution->kernel(), convolution->bias(),
                                      convolution->op_options(call), pooling->options());
    };
}

// Conv2D, BatchNormalization in training: the gradients keep nothing between the two. In inference the moving statistics
// are constants, and two ops are as fast.
Forward normalized_convolution(const Layer& first, const Layer& second) {
    const auto* convolution = dynamic_cast<const Conv2D*>(&first);
    const auto* normalization = dynamic_cast<const BatchNormalization*>(&second);
    if (!convolution || !normalization || normalization->is_frozen() || !convolution->can_be_fused()) return {};
    return [=](std::span<const Tensor> x, const Call& call) {
        return ops::conv2d_batch_norm_training(x.front(), convolution->kernel(), convolution->bias(),
                                               convolution->op_options(call), normalization->op_layer());
    };
}

constexpr std::array<FusionRule, 2> training_rules{pooled_convolution, normalized_convolution};
constexpr std::array<FusionRule, 1> inference_rules{pooled_convolution};

// How layers i and i + 1 are computed in one op; empty if no rule fits or another layer takes the output of i.
Forward fused(const std::vector<NamedLayer>& layers, std::size_t i, std::span<const FusionRule> rules) {
    if (i + 1 == layers.size() || layers[i + 1].from != std::vector{i}) return {};
    const auto takes_i = [i](const NamedLayer& layer) { return std::ranges::count(layer.from, i) > 0; };
    if (std::ranges::count_if(layers, takes_i) != 1) return {};
    for (const FusionRule rule : rules)
        if (Forward forward = rule(*layers[i].layer, *layers[i + 1].layer)) return forward;
    return {};
}

}  // namespace

std::span<const FusionRule> fusion_rules(bool training) {
    if (training) return training_rules;
    return inference_rules;
}

std::vector<Step> plan(const std::vector<NamedLayer>& layers, std::span<const FusionRule> rules) {
    std::vector<Step> steps;
    for (std::size_t i = 1; i < layers.size(); i = steps.back().last + 1) {
        Step step{i, i, layers[i].from, {}, fused(layers, i, rules)};
        if (step.forward) {
            step.last = i + 1;
        } else {
            step.forward = [layer = layers[i].layer.get()](std::span<const Tensor> inputs, const Call& call) {
                return layer->apply(inputs, call);
            };
        }
        steps.push_back(std::move(step));
    }

    // From the last step backwards: the first step that takes an output here is the last one that needs it.
    std::vector<bool> needed(layers.size(), false);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
        for (const std::size_t i : step->inputs)
            if (!needed[i]) {
                needed[i] = true;
                step->finished.push_back(i);
            }
    return steps;
}

}  // namespace cairn::nn
