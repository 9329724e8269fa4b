// The steps of a model's forward pass, planned once: which layers are computed one by one, and which neighbours in one op.
#pragma once

#include "cairn/nn/layers.h"

namespace cairn::nn {

// A layer of a model.
struct NamedLayer {
    std::string name;  // as Keras numbers them, from zero per model: conv2d, conv2d_1, …
    std::shared_ptr<Layer> layer;
    std::vector<std::size_t> from;  // the layers whose outputs it takes; empty for the input
    Shape output;                   // of one sample
};

// Computes the output of layer `last` from the inputs of layer `first`.
struct Step {
    std::size_t first = 0, last = 0;
    std::vector<std::size_t> inputs;    // the layers whose outputs it takes
    std::vector<std::size_t> finished;  // those whose outputs no later step takes
    std::function<Tensor(std::span<const Tensor> inputs, const Call& call)> forward;
};

// Two layers that one op can compute: for a pair of layers, how; an empty function for a pair that it does not fit. A rule
// need not check that no other layer sees what lies between the two: plan() does.
using FusionRule = std::function<Tensor(std::span<const Tensor>, const Call&)> (*)(const Layer& first,
                                                                                   const Layer& second);
std::span<const FusionRule> fusion_rules(bool training);

// The steps for layers that are in an order in which each comes after those it takes; layers()[0] is the input.
std::vector<Step> plan(const std::vector<NamedLayer>& layers, std::span<const FusionRule> rules);

}  // namespace cairn::nn
