// A model's training step on one device, measured.
#pragma once

#include "cairn/data/dataset.h"
#include "cairn/nn/model.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <vector>

namespace cairn::measure {

struct Task {
    std::string model;                 // its name
    std::function<nn::Model()> make;   // not initialized
    nn::ModelOptions options;          // with the device
    std::string convolution = "auto";  // the name of the algorithm in the options
    const data::Dataset& images;
    std::int64_t batch_size = 0;
    int steps = 0;  // that are timed
};

// What `cairn bench --json` prints for it. Times are in milliseconds, memory in bytes; null where something cannot be
// measured or does not apply.
nlohmann::ordered_json training_step(const Task& task);

// A sentence for each doubt about such a result, where it does not mean what it seems to; none where there is nothing to say.
std::vector<std::string> warnings(const nlohmann::ordered_json& result);

}  // namespace cairn::measure
