// cairn inspect MODEL --weights F PICTURE…: what is seen inside of a model.
#include "cairn/app/commands/commands.h"
#include "cairn/app/inspect_model.h"
#include "cairn/app/pictures.h"
#include "cairn/app/trained_model.h"
#include "cairn/core/text.h"

namespace cairn::app {

namespace {

constexpr const char* details =
    "WORDS are pictures, PNG or JPEG, and folders of them; the first may be a MODEL's name, which the weights tell\n"
    "otherwise. A MODEL without --weights is shown as it is initialized, by --seed.\n"
    "Without pictures the first images of the test set are taken. Distributions and gradients are those of a batch of\n"
    "training images: the first 32 of the data set, or with fewer of them than 8, and with pictures but without\n"
    "--data, of the pictures, each with the class that it is taken for.\n"
    "Writes into the output folder report.html and figures/ (SVG, PNG and the data of each):\n"
    "  class-maps        where in each picture its class was seen (Grad-CAM), in models with convolutions\n"
    "  feature-maps-N    what every layer makes of picture N, up to four\n"
    "  filters           the first layer's, before and after training on one scale\n"
    "  activations       how the outputs of each layer are distributed, before and after training\n"
    "  gradients         and the gradients of the loss with respect to them\n"
    "  gradient-norms    of each layer's parameters\n"
    "  weights           how the weights of each kernel are distributed";

constexpr std::size_t most_pictures = 24;
constexpr std::int64_t usual_pictures = 4, batch_size = 32;

struct Options {
    WeightsOptions trained;
    std::vector<std::string> words;
    DataOptions data;
    std::string out;
};

// The pictures to look at, with names for people.
struct Looked {
    std::vector<std::string> names;
    data::Dataset images;
};

Looked pictures_of(const std::vector<std::string>& paths, const data::Description& like, const DataOptions& options) {
    Pictures read = read_pictures(paths, like, options.how);
    Looked looked{{}, std::move(read.images)};
    for (const std::string& path : read.paths) looked.names.push_back(std::filesystem::path(path).filename().string());
    return looked;
}

Looked test_images(const data::Dataset& test) {
    Looked looked{{}, test.first(usual_pictures)};
    for (std::int64_t i = 0; i < looked.images.size(); ++i)
        looked.names.push_back(fmt::format(
            "test image {}: {}", looked.images.index_in_files(i),
            looked.images.classes[static_cast<std::size_t>(looked.images.labels[static_cast<std::size_t>(i)])]));
    return looked;
}

// The model as the options name it; without weights it is only named, and its images are the data's.
TrainedModel untrained(const Session& session, const std::string& name, const data::Description& images) {
    const ModelEntry& entry = session.registry.model(name);
    TrainedModel model{make_model(entry, images), name, {}, {}, images, {}};
    model.model.initialize({.device = session.common.chosen_device(), .seed = session.common.seed});
    return model;
}

int inspect(const Session& session, const Options& options) {
    WeightsOptions which = options.trained;
    std::vector<std::string> paths = options.words;
    if (!paths.empty() && is_model_name(session.registry, paths.front())) {
        which.model = paths.front();
        paths.erase(paths.begin());
    }
    if (which.model.empty() && which.weights.empty()) throw UsageError("a MODEL, or --weights, is required");
    DataOptions data = options.data;
    std::optional<TrainedModel> trained;
    if (!which.weights.empty()) {
        trained = load_trained_model(session, which);
        data.how.usual_size = {trained->images.image_shape[0], trained->images.image_shape[1]};
    }
    std::optional<data::Located> located;
    if (paths.empty() || !data.folder.empty()) located = trained ? load_data_for(*trained, data) : load_data(data);
    if (!trained)
        trained = untrained(session, which.model, located ? located->split.train.description() : data::cifar10());

    const Looked looked = paths.empty() ? test_images(located->split.test) : pictures_of(paths, trained->images, data);
    check(looked.names.size() <= most_pictures, "there are {} pictures; at most {} can be looked at together",
          looked.names.size(), most_pictures);
    const report::Inspection inspection =
        inspect_model(session, *trained, looked.names, looked.images,
                      located ? located->split.train.first(batch_size) : data::Dataset());
    const std::filesystem::path folder =
        options.out.empty() ? new_folder("inspect-" + trained->name) : std::filesystem::path(options.out);
    const std::string missing = report::write_inspection(folder, inspection);
    if (!missing.empty()) warn(missing);
    for (const report::InspectedPicture& picture : inspection.pictures)
        fmt::print("{}: {}\n", printable(picture.name), printable(picture.guess));
    fmt::print("wrote {}: report.html, figures/\n", folder.string());
    return 0;
}

void define(const Command& command, Options& options) {
    command.texts("WORDS", options.words, "[MODEL] PICTURE…: PNG, JPEG, and folders of them");
    command.text("--weights", options.trained.weights, "FILE",
                 "the model.safetensors of a training run, or the run's folder");
    command.flag("--allow-nonfinite", options.trained.allow_nonfinite, "use weights that hold NaN or infinity");
    add_data_options(command, options.data);
    command.text("--out", options.out, "DIR", "output folder (default: a new one in runs/)");
}

}  // namespace

void add_inspect_command(const Command& program, Session& session) {
    add_command(program, session, {"inspect", "draw what is seen inside of a model", details}, define, inspect);
}

}  // namespace cairn::app
