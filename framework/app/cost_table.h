// What the layers of a model cost: arithmetic and memory, counted, and time, measured (cairn summary --cost).
#pragma once

#include "cairn/nn/model.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace cairn::app {

// Bytes of a layer's output and of its parameters as float32, for one image.
std::int64_t activation_bytes(const nn::NamedLayer& layer);
std::int64_t parameter_bytes(const nn::NamedLayer& layer);

// `step`: what measure::training_step says about the model. For each layer, by name:
//   "forward_ms", "backward_ms"   of a training step; null where its time is counted with another's, or is none
//   "multiply_add_share"          the operations of both, as share of what the processor could do in that time
nlohmann::ordered_json layer_costs(const nlohmann::ordered_json& step);

// A row per layer, then what a step takes besides.
std::string cost_table(const nn::Model& model, const std::string& name, const nlohmann::ordered_json& step);

}  // namespace cairn::app
