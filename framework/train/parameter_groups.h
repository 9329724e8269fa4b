// Groups of parameters that are trained in ways of their own: with another learning rate, without decay. Those that are
// not trained at all are frozen in the model: nn::Model::freeze.
#pragma once

#include "cairn/nn/model.h"
#include "cairn/optim/optimizer.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::train {

// The parameters whose names begin with the prefix: "conv2d" means conv2d/kernel and conv2d_1/kernel, "conv2d/" only the
// first. Where several groups fit, the last one counts.
struct ParameterGroup {
    std::string prefix;
    double rate = 1;  // times the learning rate, above 0
};

// Whether a parameter, as "conv2d/kernel", decays where the optimizer has a weight_decay.
using Decays = std::function<bool(const std::string& name)>;

// Kernels decay; biases, and the gammas and betas of normalizations, do not.
bool is_kernel(const std::string& name);

// The parts of the arenas that the groups and `decays` make of an initialized model's parameters, for
// Optimizer::set_parts; a frozen parameter's part has the rate 0: it is neither trained nor decayed. Throws Error for a
// group that no parameter belongs to or whose rate is not above 0, and where nothing is left to train.
std::vector<optim::Part> parts_of(const nn::Model& model, const std::vector<ParameterGroup>& groups,
                                  const Decays& decays = is_kernel);

}  // namespace cairn::train
