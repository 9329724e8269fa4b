#include "app/trained_model.h"

#include "core/error.h"
#include "train/weights.h"

#include <filesystem>

namespace cairn::app {

TrainedModel load_trained_model(const Registry& registry, const std::string& name, const std::string& weights,
                                const Device& device, DType dtype) {
    TrainedModel trained{registry.model(name).make(), {}};
    check(std::filesystem::exists(weights),
          "there is no file {}; --weights names the model.safetensors that './cairn train {}' wrote", weights, name);
    trained.model.initialize({.device = device, .dtype = dtype});
    trained.metadata = train::load_weights(trained.model, name, weights);
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
