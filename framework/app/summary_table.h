// A model on one page, as Keras's model.summary() shows it.
#pragma once

#include "cairn/nn/model.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace cairn::app {

// A row per layer: its name and type, its output's shape with None for the batch, its number of parameters, and what
// it was made with but for what is usual: "3 x 3, same, relu". Then the
// totals and the floating-point operations of one image's forward pass. In a chain the input has no row, as in Keras's
// Sequential; in a model with branches it has, and a fifth column names the layers whose outputs each layer takes.
std::string summary_table(const nn::Model& model, const std::string& name);

// The same for programs to read, with all settings and with the bytes of outputs and parameters.
nlohmann::ordered_json summary_json(const nn::Model& model, const std::string& name);

}  // namespace cairn::app
