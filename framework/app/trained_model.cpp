#include "cairn/app/trained_model.h"

#include "cairn/core/error.h"
#include "cairn/core/program.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/weights.h"

#include <algorithm>
#include <filesystem>

namespace cairn::app {

void add_weights_options(const Command& command, WeightsOptions& options) {
    add_model_option(command, options.model).required();
    command.text("--weights", options.weights, "FILE", "the model.safetensors of a training run").required();
}

TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype) {
    const Device device = session.common.chosen_device(dtype);
    const ModelEntry& entry = session.registry.model(options.model);
    check(std::filesystem::exists(options.weights),
          "there is no file {}; --weights names the model.safetensors that '{} train {}' wrote", options.weights,
          program().command, options.model);
    const data::Description images = train::images_of(io::read_safetensors_header(options.weights).metadata);
    TrainedModel trained{make_model(entry, images), images, {}};
    trained.model.initialize({.device = device, .dtype = dtype});
    trained.metadata = train::load_weights(trained.model, options.model, options.weights);
    return trained;
}

void check_fits(const TrainedModel& trained, const data::Dataset& dataset) {
    const data::Description& learned = trained.images;
    check(dataset.classes.size() == learned.classes.size(),
          "these weights tell {} classes of {} apart, but {} has {}; name the data that they learned, or train a model "
          "on this "
          "one",
          learned.classes.size(), learned.name, dataset.name, dataset.classes.size());
    if (learned.classes != dataset.classes) {
        std::size_t first = 0;
        while (learned.classes[first] == dataset.classes[first]) ++first;
        const bool same_names = std::ranges::is_permutation(learned.classes, dataset.classes);
        warn(fmt::format(
            "warning: these weights were trained on {}, whose classes {}: class {} is '{}' there and '{}' in "
            "{}; labels are compared by their numbers",
            learned.name, same_names ? "stand in another order" : "have other names", first, learned.classes[first],
            dataset.classes[first], dataset.name));
    } else if (learned.name != dataset.name) {
        warn(fmt::format("warning: these weights were trained on {}, and the data are {}", learned.name, dataset.name));
    }
}

}  // namespace cairn::app
