#include "cairn/app/trained_model.h"

#include "cairn/app/output.h"
#include "cairn/core/error.h"
#include "cairn/core/program.h"
#include "cairn/core/text.h"
#include "cairn/data/names.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/run_folder.h"
#include "cairn/train/weights.h"

#include <algorithm>
#include <filesystem>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

// The weights that come with a model, or, without a name, with the first model that has some.
WeightsOptions ready_made(const Registry& registry, const std::string& model) {
    if (!model.empty()) registry.model(model);  // refuses an unknown name
    for (const ModelEntry& entry : registry.models())
        if ((model.empty() || entry.name == model) && !entry.weights.empty())
            return {.model = entry.name, .weights = entry.weights.string()};
    throw UsageError(fmt::format("--weights is required{}", model.empty() ? "" : ": no weights come with " + model));
}

struct Found {
    WeightsOptions options;  // the model's name, if it is known yet, and the file
    fs::path run;            // the folder that would be the run's which wrote it; empty: none did
};

bool is_folder(const std::string& path) {
    std::error_code ignored;  // what cannot be looked at fails when it is read, with a better message
    return fs::is_directory(path, ignored);
}

// A run's folder may be named by --weights or stand in the model's place. A file of weights in such a folder is the run's.
Found found_weights(const Session& session, WeightsOptions options) {
    const std::vector<std::string> names = session.registry.names();
    if (options.weights.empty() && is_folder(options.model) && std::ranges::find(names, options.model) == names.end())
        std::swap(options.weights, options.model);
    if (options.weights.empty()) return {ready_made(session.registry, options.model), {}};
    const fs::path named = options.weights, parent = named.has_parent_path() ? named.parent_path() : ".";
    if (!is_folder(options.weights)) return {options, parent};
    const std::string of_run = train::read_config(named).model;
    if (options.model.empty()) options.model = of_run;
    options.weights = train::weights_file(named).string();
    return {options, named};
}

}  // namespace

void add_weights_option(const Command& command, WeightsOptions& options) {
    command.text("--weights", options.weights, "FILE",
                 "the model.safetensors of a training run, or the run's folder\n"
                 "(default: weights of simple-cnn that come with cairn)");
    command.flag("--allow-nonfinite", options.allow_nonfinite, "use weights that hold NaN or infinity");
}

void add_weights_options(const Command& command, WeightsOptions& options) {
    command.text("MODEL", options.model, "",
                 "a name that the command 'models' lists, or the folder of a\n"
                 "training run (default: the model of the weights)");
    add_weights_option(command, options);
}

TrainedModel load_trained_model(const Session& session, const WeightsOptions& options, DType dtype) {
    const Device device = session.common.chosen_device(dtype);
    auto [found, run] = found_weights(session, options);
    if (!found.model.empty())
        session.registry.model(found.model);  // an unknown name is refused before the file is looked for
    std::error_code ignored;
    check(fs::exists(found.weights, ignored) || ignored,
          "there is no file {}; --weights names the model.safetensors that '{} train {}' wrote", found.weights,
          program().command, found.model.empty() ? "MODEL" : found.model);
    const io::SafetensorsHeader header = io::read_safetensors_header(found.weights);
    const io::Metadata& metadata = header.metadata;
    if (found.model.empty()) {
        const auto named = metadata.find("model");
        check(named != metadata.end(), "{} does not say of which model it holds the weights; name the model too",
              found.weights);
        found.model = named->second;
    }
    const data::Description images = train::images_of(metadata);
    TrainedModel trained{
        make_model(session.registry.model(found.model), images), found.model, found.weights, run, images, metadata};
    if (const std::optional<double> l2 = train::l2_of(metadata)) trained.model.set_l2(*l2);
    train::check_weights(trained.model, found.model, found.weights, header);  // before it takes memory
    check(trained.model.output_shape().size() == images.class_count(),
          "{} names {} classes, but {} tells {} apart; it holds the weights of another model", found.weights,
          images.class_count(), found.model, trained.model.output_shape().size());
    trained.model.initialize({.device = device, .dtype = dtype});
    train::load_weights(trained.model, found.model, found.weights, options.allow_nonfinite);
    return trained;
}

namespace {

void check_fits(const TrainedModel& trained, const data::Dataset& dataset) {
    const data::Description& learned = trained.images;
    check(dataset.classes.size() == learned.classes.size(),
          "these weights tell {} classes of {} apart, but {} has {}; name the data that they learned, or train a model "
          "on this one",
          learned.classes.size(), learned.name, dataset.name, dataset.classes.size());
    check(dataset.image_shape == learned.image_shape,
          "these weights take {}, like {}'s, but {} has {}; name data of that kind, or train a model on this one",
          data::kind_of_images(learned.image_shape), learned.name, dataset.name,
          data::kind_of_images(dataset.image_shape));
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

}  // namespace

data::Located load_data_for(const TrainedModel& trained, const DataOptions& options, bool announce) {
    data::Located located;
    if (options.folder.empty() && !trained.run.empty() && train::holds_results(trained.run)) {
        if (options.load_options() != data::LoadOptions{})
            throw UsageError(
                "--labels, --image-size, --crop, --skip-bad and --split-seed are for data that --data names; without "
                "it the run's own are read as for its training");
        located = load_run_data(train::read_config(trained.run), trained.run.string(), "");
        if (options.limit > 0)
            located.split = {located.split.train.first(options.limit), located.split.test.first(options.limit)};
        if (announce) say("{}\n", printable(located.line));
    } else {
        DataOptions data = options;
        data.how.usual_size = {trained.images.image_shape[0], trained.images.image_shape[1]};
        located = load_data(data, announce);
    }
    check_fits(trained, located.split.train);
    return located;
}

}  // namespace cairn::app
