#include "cairn/app/inspect_model.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/by_layer.h"
#include "cairn/train/weights.h"

#include <algorithm>
#include <charconv>

namespace cairn::app {

namespace {

constexpr std::int64_t least_batch = 8;  // below it, a batch's own statistics say nothing
constexpr std::size_t most_feature_maps = 4;

std::uint64_t seed_of(const TrainedModel& model, std::uint64_t otherwise) {
    const auto named = model.metadata.find("seed");
    if (named == model.metadata.end()) return otherwise;
    std::uint64_t seed = otherwise;
    std::from_chars(named->second.data(), named->second.data() + named->second.size(), seed);
    return seed;
}

train::Batch whole(const nn::Model& model, const data::Dataset& images) {
    return train::Loader(model, images).load(data::Batches(images, images.size()), 0);
}

// The kernel that lies over pictures: the first one, if it takes the input, or the input flattened. Undefined if there is none.
struct OverPictures {
    std::string name;
    Tensor kernel;
    Shape shape;  // (kh, kw, channels, filters)
};
OverPictures kernel_over_pictures(const nn::Model& model) {
    const Shape& input = model.input_shape();
    if (input.rank() != 3 || (input[2] != 1 && input[2] != 3)) return {};
    for (const auto& [name, layer, from, output] : model.layers())
        for (const auto& parameter : layer->parameters()) {
            if (parameter->name != "kernel") continue;
            const Shape& shape = parameter->shape;
            if (shape.rank() == 4 && layer->type() == "Conv2D" && shape[2] == input[2])
                return {name, parameter->value, shape};
            if (shape.rank() == 2 && shape[0] == input.size())
                return {name, parameter->value, {input[0], input[1], input[2], shape[1]}};
            return {};
        }
    return {};
}

report::InspectedState state_of(const std::string& name, const nn::Model& model, const data::Dataset& images) {
    // As a step of training computes it, but without chance: batch norm takes the batch's statistics.
    const nn::Call call{.training = images.size() >= least_batch, .dropout = false};
    report::InspectedState state =
        report::inspected_state(name, train::layer_values(model, whole(model, images), call));
    for (const auto& [of, parameter] : model.parameters())
        if (parameter->name.ends_with("kernel"))
            state.weights.push_back({of, report::spread_of(parameter->value.detach().to_vector<float>())});
    if (const OverPictures first = kernel_over_pictures(model); first.kernel.defined())
        state.filters = first.kernel.to_vector<float>();
    return state;
}

// Puts into the inspection what the layers make of each picture, in inference, and what it is taken for; returns those classes.
std::vector<std::int32_t> look_at(report::Inspection& inspection, const TrainedModel& trained,
                                  const std::vector<std::string>& names, const data::Dataset& pictures) {
    const nn::Model& model = trained.model;
    const Tensor images = whole(model, pictures).images;
    Tensors outputs;
    {
        const autograd::NoGrad guard;
        outputs = nn::outputs_by_layer(model, images, {});
    }
    const std::vector<float> probabilities = ops::softmax(outputs.back().detach()).to_vector<float>();
    const auto classes = static_cast<std::size_t>(trained.images.class_count());
    std::vector<std::int32_t> guesses;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::span<const float> row = std::span(probabilities).subspan(i * classes, classes);
        const auto top = std::ranges::max_element(row);
        guesses.push_back(static_cast<std::int32_t>(top - row.begin()));
        const std::string& guess = trained.images.classes[static_cast<std::size_t>(guesses.back())];
        inspection.pictures.push_back({.name = names[i],
                                       .guess = fmt::format("{}, {:.1f} % sure", guess, 100 * *top),
                                       .image = pictures.picture(static_cast<std::int64_t>(i))});
    }
    for (std::size_t l = 1; l < outputs.size(); ++l) {
        const nn::NamedLayer& layer = model.layers()[l];
        if (layer.output.rank() != 3 || layer.layer->type().find("Dropout") != std::string::npos) continue;
        const std::vector<float> values = outputs[l].detach().to_vector<float>();
        const auto size = static_cast<std::ptrdiff_t>(layer.output.size());
        auto from = values.begin();
        for (std::size_t i = 0; i < std::min(names.size(), most_feature_maps); ++i, from += size)
            inspection.pictures[i].layers.push_back({layer.name, layer.output, {from, from + size}});
    }
    const train::ClassMaps maps = train::class_maps(model, images, guesses);
    inspection.map_layer = maps.layer;
    for (std::size_t i = 0; i < maps.maps.size(); ++i) inspection.pictures[i].map = maps.maps[i];
    return guesses;
}

}  // namespace

report::Inspection inspect_model(const Session& session, TrainedModel& model, const std::vector<std::string>& names,
                                 const data::Dataset& pictures, const data::Dataset& batch) {
    report::Inspection inspection{.title = "Inside of " + model.name, .command = session.command_line};
    const std::vector<std::int32_t> guesses = look_at(inspection, model, names, pictures);
    const bool of_pictures = batch.size() == 0;
    data::Dataset images = of_pictures ? pictures : batch;
    if (of_pictures) images.labels = guesses;

    const OverPictures first = kernel_over_pictures(model.model);
    inspection.filters = first.shape;
    inspection.filters_of = first.name;
    if (model.file.empty()) {
        inspection.states.push_back(state_of("as initialized", model.model, images));
        inspection.remarks.push_back(
            fmt::format("The weights are those that seed {} gives: the model is not trained.", session.common.seed));
    } else {
        const std::uint64_t seed = seed_of(model, session.common.seed);
        nn::Model initial = make_model(session.registry.model(model.name), model.images);
        if (const std::optional<double> l2 = train::l2_of(model.metadata)) initial.set_l2(*l2);
        initial.initialize({.device = model.model.options().device, .seed = seed});
        inspection.states.push_back(state_of("before training", initial, images));
        inspection.states.push_back(state_of("after training", model.model, images));
        inspection.remarks.push_back(fmt::format(
            "The weights are those of {}; before training they were those of seed {}.", model.file.string(), seed));
    }
    inspection.remarks.push_back(
        fmt::format("Activations and gradients are those of {} {}{}, in {}.", images.size(),
                    of_pictures ? "pictures" : "training images of " + images.name,
                    of_pictures ? ", with the classes that they were taken for" : "",
                    images.size() >= least_batch
                        ? "training, without dropout: batch normalization takes the statistics of the batch"
                        : "inference, as they are too few for statistics of a batch"));
    return inspection;
}

}  // namespace cairn::app
