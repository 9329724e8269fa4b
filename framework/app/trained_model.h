// A registered model with weights from a file.
#pragma once

#include "cairn/app/run_data.h"
#include "cairn/data/dataset.h"

#include <filesystem>
#include <map>

namespace cairn::app {

struct TrainedModel {
    nn::Model model;
    std::string name;            // of the model: "simple-cnn"
    std::filesystem::path file;  // of the weights
    std::filesystem::path run;   // the folder that they stand in, which may be that of a run; empty: none
    data::Description images;    // that it learned
    std::map<std::string, std::string> metadata;  // of the weights: model, dataset, classes, …
};

// Which model and which weights; both may be left out.
struct WeightsOptions {
    std::string model;    // empty: the one that the weights name; or, where no weights are named, the folder of a run
    std::string weights;  // a file, or the folder of a training run; empty: those that come with the model
    bool allow_nonfinite = false;
};
void add_weights_option(const Command& command, WeightsOptions& options);   // --weights and --allow-nonfinite
void add_weights_options(const Command& command, WeightsOptions& options);  // MODEL and those

// On the device that was asked for. Throws UsageError where the options name no weights and none come with the model, and Error for
// an unknown model, for weights that do not say whose they are, and for weights that do not fit the model.
TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype = DType::float32);

// The images to use with it: those of --data; else those of the run that wrote the weights, of which --limit may take the first
// alone; else those that every command takes. Pictures become as large as the model's images. Throws Error unless they have
// the model's shape and as many classes as it tells apart; warns, on the error output, where the classes' names or their order
// are others, or the data set is.
data::Located load_data_for(const TrainedModel& trained, const DataOptions& options, bool announce = true);

}  // namespace cairn::app
