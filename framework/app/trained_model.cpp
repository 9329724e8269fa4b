#include "cairn/app/trained_model.h"

#include "cairn/core/error.h"
#include "cairn/train/weights.h"

#include <filesystem>

namespace cairn::app {

void add_weights_options(const Command& command, WeightsOptions& options) {
    add_model_option(command, options.model).required();
    command.text("--weights", options.weights, "FILE", "the model.safetensors of a training run").required();
}

TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype) {
    const Device device = session.common.chosen_device(dtype);
    TrainedModel trained{session.registry.model(options.model).make(), {}};
    check(std::filesystem::exists(options.weights),
          "there is no file {}; --weights names the model.safetensors that './cairn train {}' wrote", options.weights,
          options.model);
    trained.model.initialize({.device = device, .dtype = dtype});
    trained.metadata = train::load_weights(trained.model, options.model, options.weights);
    return trained;
}

std::vector<std::string> class_names(const TrainedModel& trained) {
    std::vector<std::string> names = train::class_names(trained.metadata);
    const auto classes = static_cast<std::size_t>(trained.model.output_shape()[-1]);
    if (names.size() == classes) return names;
    names.clear();
    for (std::size_t label = 0; label < classes; ++label) names.push_back(std::to_string(label));
    return names;
}

void warn_of_other_data(const TrainedModel& trained, const data::Dataset& dataset) {
    const auto learned = trained.metadata.find("dataset");
    if (learned != trained.metadata.end() && learned->second != dataset.name)
        fmt::print("Warning: these weights were trained on {}, which is another data set.\n", learned->second);
}

}  // namespace cairn::app
