// A registered model with weights from a file.
#pragma once

#include "cairn/app/common_options.h"
#include "cairn/data/dataset.h"

#include <map>

namespace cairn::app {

struct TrainedModel {
    nn::Model model;
    data::Description images;                     // that it learned
    std::map<std::string, std::string> metadata;  // of the weights: model, dataset, classes, …
};

// MODEL and --weights, both required.
struct WeightsOptions {
    std::string model, weights;
};
void add_weights_options(const Command& command, WeightsOptions& options);

// On the device that was asked for. Throws Error for an unknown model and for weights that do not fit it.
TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype = DType::float32);

// Throws Error unless the images have as many classes as the model tells apart; warns, on the error output, where their names
// or their order are others, or the data set is.
void check_fits(const TrainedModel& trained, const data::Dataset& dataset);

}  // namespace cairn::app
