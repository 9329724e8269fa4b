// cairn summary MODEL: its layers, shapes and parameters, and what they cost.
#include "cairn/app/commands/commands.h"
#include "cairn/app/cost_table.h"
#include "cairn/app/summary_table.h"
#include "cairn/measure/training_step.h"

#include <nlohmann/json.hpp>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* details =
    "With --cost, training steps are timed by layer, on noise, and compared with the multiply-add peak of the\n"
    "processor, measured at the same time. Convolutions by Winograd's tiles need fewer operations than the\n"
    "formula has, which are counted: they may reach more than 100 %. Two layers that are computed in one\n"
    "share their time. Writes no files.";

struct Options {
    std::string model;
    DataOptions data;
    bool cost = false;
    std::int64_t batch_size = 0;  // 0: the model's
    bool json = false;
};

// Enough images of noise for some steps: what they show does not matter to the time.
data::Dataset noise(const data::Description& like, std::int64_t batch_size) {
    constexpr std::int64_t batches = 8;
    data::Dataset images{
        .name = "noise", .classes = like.classes, .image_shape = like.image_shape, .images = {}, .labels = {}};
    RandomStream random({0, stream_of(Purpose::dataset), 0});
    images.images.resize(static_cast<std::size_t>(batches * batch_size * like.image_shape.size()));
    for (std::uint8_t& pixel : images.images) pixel = static_cast<std::uint8_t>(random.next());
    for (std::int64_t i = 0; i < batches * batch_size; ++i)
        images.labels.push_back(static_cast<std::int32_t>(i % like.class_count()));
    return images;
}

Json timed_step(const Session& session, const Options& options, const data::Description& images) {
    const Device device =
        session.common.device == "auto" ? Device::cpu() : session.common.chosen_device(DType::float32);
    if (device.kind == Device::Kind::vulkan)
        throw UsageError(
            "--cost times layers on the cpu; a GPU runs them later, and 'bench --devices vulkan' times its kernels");
    const ModelEntry& entry = session.registry.model(options.model);
    const std::int64_t batch_size = options.batch_size > 0 ? options.batch_size : entry.batch_size;
    const data::Dataset set = noise(images, batch_size);
    return measure::training_step({.model = entry.name,
                                   .make = [&] { return make_model(entry, images); },
                                   .options = {.device = device, .seed = session.common.seed},
                                   .images = set,
                                   .batch_size = batch_size,
                                   .steps = 30});
}

int summarize(const Session& session, const Options& options) {
    if (options.batch_size > 0 && !options.cost) throw UsageError("--batch-size is of --cost");
    const ModelEntry& entry = session.registry.model(options.model);
    const data::Description images = described_by(options.data);
    const nn::Model model = make_model(entry, images);
    const Json step = options.cost ? timed_step(session, options, images) : Json();
    if (!options.json) {
        fmt::print("{}", options.cost ? cost_table(model, entry.name, step) : summary_table(model, entry.name));
        return 0;
    }
    Json json = summary_json(model, entry.name);
    if (options.cost) {
        const Json costs = layer_costs(step);
        for (Json& layer : json["layers"])
            if (const std::string name = layer["name"]; costs.contains(name)) layer["cost"] = costs[name];
        for (const char* field : {"device", "threads", "batch", "step_ms", "multiply_add_flops_per_second"})
            json[field] = step[field];
    }
    fmt::print("{}\n", json.dump(2));
    return 0;
}

}  // namespace

void add_summary_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"summary", "show a model's layers, their shapes, parameters and cost", details},
        [](const Command& command, Options& options) {
            add_model_option(command, options.model).required();
            command.flag("--cost", options.cost, "operations, memory and time of every layer");
            command.whole("--batch-size", options.batch_size, "images per step that is timed (default: the model's)");
            add_description_options(command, options.data);
            add_json_option(command, options.json);
        },
        summarize);
}

}  // namespace cairn::app
