// cairn predict MODEL --weights F: what a trained model takes pictures for.
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"
#include "cairn/app/trained_model.h"
#include "cairn/backend/devices.h"
#include "cairn/io/png.h"
#include "cairn/io/resize.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/evaluate.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* details =
    "With pictures: prints the classes of each, the likeliest first. A picture of another size is resized\n"
    "to the model's input, without keeping its proportions. Writes no files.\n"
    "With --logits OUT.safetensors: writes for the N test images of a data set\n"
    "  logits  (N, classes)  float32\n"
    "  labels  (N)           int32\n"
    "  index   (N)           int32, where the image stands in the file: 0 is the first of test_batch.bin";

struct Options {
    WeightsOptions trained;
    std::string logits;
    std::vector<std::string> images;
    DataOptions data;
    bool json = false;
};

// The pictures as a data set without labels, in the size that the model takes.
data::Dataset load_pictures(const std::vector<std::string>& paths, const Shape& input) {
    data::Dataset pictures{.name = "images", .classes = {}, .image_shape = input, .images = {}, .labels = {}};
    for (const std::string& path : paths) {
        data::append_picture(pictures, io::resize(io::read_png(path), input[0], input[1]));
        pictures.labels.push_back(0);
    }
    return pictures;
}

// Every class with its probability, the likeliest first.
Json guesses(const float* probabilities, const std::vector<std::string>& classes) {
    Json all = Json::array();
    for (const std::string& name : classes) all.push_back({{"class", name}, {"probability", *probabilities++}});
    std::stable_sort(all.begin(), all.end(),
                     [](const Json& a, const Json& b) { return a["probability"] > b["probability"]; });
    return all;
}

std::string guesses_table(const Json& all) {
    constexpr double bar_width = 40;
    TextTable table({Align::left, Align::right, Align::left});
    for (const Json& guess : all) {
        const double probability = guess["probability"];
        table.add({"  " + guess["class"].get<std::string>(), fmt::format("{:.1f}%", 100 * probability),
                   std::string(static_cast<std::size_t>(bar_width * probability + 0.5), '#')});
    }
    return table.str();
}

int predict_pictures(const TrainedModel& trained, const Options& options) {
    const std::vector<std::string>& classes = trained.images.classes;
    const data::Dataset pictures = load_pictures(options.images, trained.model.input_shape());
    const Tensor logits = from_values({pictures.size(), static_cast<std::int64_t>(classes.size())},
                                      train::logits(trained.model, pictures), Device::cpu());
    const std::vector<float> probabilities = ops::softmax(logits).to_vector<float>();
    Json json = Json::array();
    for (std::size_t i = 0; i < options.images.size(); ++i) {
        const Json all = guesses(&probabilities[i * classes.size()], classes);
        if (options.json) json.push_back({{"image", options.images[i]}, {"classes", all}});
        else fmt::print("{}{}\n{}", i == 0 ? "" : "\n", options.images[i], guesses_table(all));
    }
    if (options.json) fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    return 0;
}

int write_logits(const TrainedModel& trained, const Options& options) {
    const data::Located located = load_data(options.data);
    check_fits(trained, located.split.test);
    const data::Dataset& test = located.split.test;
    const Shape shape = trained.model.output_shape().prepend(test.size());
    std::vector<std::int32_t> index;
    for (std::int64_t i = 0; i < test.size(); ++i) index.push_back(test.index_in_files(i));
    io::write_safetensors(options.logits,
                          {{"logits", from_values(shape, train::logits(trained.model, test), Device::cpu())},
                           {"labels", from_values({test.size()}, test.labels, Device::cpu())},
                           {"index", from_values({test.size()}, index, Device::cpu())}},
                          {{"model", options.trained.model}, {"dataset", test.name}});
    fmt::print("wrote {}: logits {} of the test images, their labels and index\n", options.logits, shape);
    return 0;
}

int predict(const Session& session, const Options& options) {
    if (options.images.empty() && options.logits.empty()) throw UsageError("IMAGE.png or --logits is required");
    const TrainedModel trained = load_trained_model(session, options.trained);
    return options.logits.empty() ? predict_pictures(trained, options) : write_logits(trained, options);
}

}  // namespace

void add_predict_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"predict", "tell what pictures show", details},
        [](const Command& command, Options& options) {
            add_weights_options(command, options.trained);
            const Option images = command.texts("IMAGE.png", options.images, "pictures");
            add_data_options(command, options.data);
            command.text("--logits", options.logits, "OUT.safetensors", "write the logits of a data set's test images")
                .check([](const std::string& out) {
                    return out.ends_with(".safetensors") ? "" : fmt::format("must end in .safetensors, not '{}'", out);
                })
                .excludes(images);
            add_json_option(command, options.json);
        },
        predict);
}

}  // namespace cairn::app
