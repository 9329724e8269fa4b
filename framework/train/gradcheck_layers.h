// Which layer of a model makes a gradient wrong. An include of gradcheck_model.cpp.
#pragma once

#include "cairn/autograd/gradcheck.h"
#include "cairn/nn/model.h"
#include "cairn/train/loader.h"

#include <set>

namespace cairn::train {

// The layers, as numbers in model.layers(), whose outputs get a wrong gradient from those behind them. Each output is moved along
// its own gradient, unevenly, which no coordinate of it escapes; layers are computed one by one, as nothing can be added to what
// lies inside of a fused op.
std::set<std::size_t> gradcheck_layers(const nn::Model& model, const Batch& batch, const nn::Call& call,
                                       const autograd::GradcheckOptions& options);

// What that and the parameters with wrong gradients say about where the fault lies, in a sentence.
std::string where_to_look(const nn::Model& model, const std::vector<autograd::GradcheckReport::Part>& parameters,
                          const std::set<std::size_t>& wrong_outputs);

}  // namespace cairn::train
