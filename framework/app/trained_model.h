// A registered model with weights from a file.
#pragma once

#include "cairn/app/common_options.h"
#include "cairn/data/dataset.h"

#include <map>

namespace cairn::app {

struct TrainedModel {
    nn::Model model;
    std::map<std::string, std::string> metadata;  // of the weights: model, dataset, classes, …
};

// MODEL and --weights, both required.
struct WeightsOptions {
    std::string model, weights;
};
void add_weights_options(const Command& command, WeightsOptions& options);

// On the device that was asked for. Throws Error for an unknown model and for weights that do not fit it.
TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype = DType::float32);

// The names of the labels: those that the weights were trained with ("classes" in their metadata), or "0", "1", … where
// the file does not tell.
std::vector<std::string> class_names(const TrainedModel& trained);

// Prints a warning if the model was trained on another data set than this one.
void warn_of_other_data(const TrainedModel& trained, const data::Dataset& dataset);

}  // namespace cairn::app
