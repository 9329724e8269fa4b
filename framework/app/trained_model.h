// A registered model with weights from a file.
#pragma once

#include "cairn/app/common_options.h"
#include "cairn/data/dataset.h"

#include <filesystem>
#include <map>

namespace cairn::app {

struct TrainedModel {
    nn::Model model;
    std::string name;                             // of the model: "simple-cnn"
    std::filesystem::path file;                   // of the weights
    data::Description images;                     // that it learned
    std::map<std::string, std::string> metadata;  // of the weights: model, dataset, classes, …

    // For load_data: pictures become as large as the model's images.
    data::ImageSize image_size() const { return {images.image_shape[0], images.image_shape[1]}; }
};

// Which model and which weights; both may be left out.
struct WeightsOptions {
    std::string model;    // empty: the one that the weights name
    std::string weights;  // a file, or the folder of a training run; empty: those that come with the model
    bool allow_nonfinite = false;
};
void add_weights_option(const Command& command, WeightsOptions& options);   // --weights and --allow-nonfinite
void add_weights_options(const Command& command, WeightsOptions& options);  // MODEL and those

// On the device that was asked for. Throws UsageError where the options name no weights and none come with the model, and Error for
// an unknown model, for weights that do not say whose they are, and for weights that do not fit the model.
TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype = DType::float32);

// Throws Error unless the images have as many classes as the model tells apart; warns, on the error output, where their names
// or their order are others, or the data set is.
void check_fits(const TrainedModel& trained, const data::Dataset& dataset);

}  // namespace cairn::app
