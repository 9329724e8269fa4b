// cairn predict: what a trained model takes pictures for.
#include "cairn/app/commands/commands.h"
#include "cairn/app/pictures.h"
#include "cairn/app/text.h"
#include "cairn/app/trained_model.h"
#include "cairn/backend/devices.h"
#include "cairn/core/file.h"
#include "cairn/core/text.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/evaluate.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* details =
    "WORDS are pictures, PNG or JPEG, and folders of them; the first may be a MODEL's name, which the weights tell\n"
    "otherwise, or the folder of a training run, whose weights are taken. Without --weights, those of simple-cnn that "
    "come with cairn tell CIFAR-10's classes apart.\n"
    "Prints the classes of each picture, the likeliest first: a list for each, or with more than ten pictures a row\n"
    "for each. A picture of another size is resized to the model's input, without keeping its proportions unless\n"
    "--crop is given. Writes no files.\n"
    "With --logits OUT.safetensors: writes for the N test images of a data set\n"
    "  logits  (N, classes)  float32\n"
    "  labels  (N)           int32\n"
    "  index   (N)           int32, where the image stands in the file: 0 is the first of test_batch.bin";

constexpr std::size_t most_lists = 10;    // of more pictures there is a row for each
constexpr std::size_t usual_top = 5;      // classes in a list, where there are more than ten
constexpr std::size_t usual_row_top = 3;  // classes in a row

struct Options {
    WeightsOptions trained;
    std::string logits;
    std::vector<std::string> words;
    DataOptions data;
    int top = 0;  // 0: as many as usual
    bool table = false, csv = false, json = false;
};

struct Guess {
    std::string name;
    float probability = 0;
};

// The classes of a picture with their probabilities, the `top` likeliest first.
std::vector<Guess> guesses(std::span<const float> probabilities, const std::vector<std::string>& classes,
                           std::size_t top) {
    std::vector<Guess> all;
    for (std::size_t c = 0; c < classes.size(); ++c) all.push_back({classes[c], probabilities[c]});
    // NaN, which has no place among numbers, comes last.
    std::ranges::stable_sort(all, std::ranges::greater(),
                             [](const Guess& guess) { return std::isnan(guess.probability) ? -1 : guess.probability; });
    all.resize(std::min(top, all.size()));
    return all;
}

std::string percent(float probability) { return fmt::format("{:.1f}%", 100 * probability); }

std::string list_of(const std::vector<Guess>& all) {
    constexpr double bar_width = 40;
    TextTable table({Align::left, Align::right, Align::left});
    for (const auto& [name, probability] : all)
        table.add({"  " + name, percent(probability),
                   probability >= 0
                       ? std::string(static_cast<std::size_t>(bar_width * static_cast<double>(probability) + 0.5), '#')
                       : ""});
    return table.str();
}

Json json_of(const std::vector<Guess>& all) {
    Json classes = Json::array();
    for (const auto& [name, probability] : all) classes.push_back({{"class", name}, {"probability", probability}});
    return classes;
}

// As RFC 4180 has it.
std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

struct Judged {
    std::string picture;
    std::vector<Guess> classes;
};

std::string csv_of(const std::vector<Judged>& pictures) {
    std::string text = "picture,rank,class,probability\n";
    for (const auto& [picture, classes] : pictures)
        for (std::size_t rank = 0; rank < classes.size(); ++rank)
            text += fmt::format("{},{},{},{:.6g}\n", csv_field(printable(picture)), rank + 1,
                                csv_field(printable(classes[rank].name)), classes[rank].probability);
    return text;
}

std::string table_of(const std::vector<Judged>& pictures) {
    const std::size_t top = pictures.front().classes.size();
    std::vector<Align> columns{Align::left};
    std::vector<std::string> head{"picture"};
    for (std::size_t rank = 0; rank < top; ++rank) {
        columns.insert(columns.end(), {Align::left, Align::right});
        head.insert(head.end(), {rank == 0 ? "likeliest" : rank == 1 ? "then" : "", ""});
    }
    TextTable table(columns);
    table.add(head);
    for (const auto& [picture, classes] : pictures) {
        std::vector<std::string> row{picture};
        for (const auto& [name, probability] : classes) row.insert(row.end(), {name, percent(probability)});
        table.add(row);
    }
    return table.str();
}

std::string text_of(const std::vector<Judged>& pictures, const Options& options) {
    if (options.csv) return csv_of(pictures);
    if (options.json) {
        Json json = Json::array();
        for (const auto& [picture, classes] : pictures)
            json.push_back({{"picture", picture}, {"classes", json_of(classes)}});
        return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    }
    if (options.table || pictures.size() > most_lists) return table_of(pictures);
    std::string text;
    for (const auto& [picture, classes] : pictures)
        text += fmt::format("{}{}\n{}", text.empty() ? "" : "\n", printable(picture), list_of(classes));
    return text;
}

int predict_pictures(const TrainedModel& trained, const Options& options, const std::vector<std::string>& paths) {
    const std::vector<std::string>& classes = trained.images.classes;
    const Pictures pictures = read_pictures(paths, trained.images, options.data.how);
    const Tensor logits = from_values({pictures.images.size(), trained.images.class_count()},
                                      train::logits(trained.model, pictures.images), Device::cpu());
    const std::vector<float> probabilities = ops::softmax(logits).to_vector<float>();
    const bool rows = !options.json && !options.csv && (options.table || pictures.paths.size() > most_lists);
    const std::size_t usual = rows ? usual_row_top : classes.size() <= 10 ? classes.size() : usual_top;
    const std::size_t top = options.top > 0 ? static_cast<std::size_t>(options.top) : usual;
    std::vector<Judged> judged;
    for (std::size_t i = 0; i < pictures.paths.size(); ++i)
        judged.push_back({pictures.paths[i],
                          guesses(std::span(probabilities).subspan(i * classes.size(), classes.size()), classes, top)});
    fmt::print("{}", text_of(judged, options));
    return 0;
}

int write_logits(const TrainedModel& trained, const Options& options) {
    const data::Located located = load_data_for(trained, options.data);
    const data::Dataset& test = located.split.test;
    const Shape shape = trained.model.output_shape().prepend(test.size());
    std::vector<std::int32_t> index;
    for (std::int64_t i = 0; i < test.size(); ++i) index.push_back(test.index_in_files(i));
    const io::NamedTensors tensors{{"logits", from_values(shape, train::logits(trained.model, test), Device::cpu())},
                                   {"labels", from_values({test.size()}, test.labels, Device::cpu())},
                                   {"index", from_values({test.size()}, index, Device::cpu())}};
    write_output(options.logits,
                 io::safetensors_bytes(options.logits, tensors, {{"model", trained.name}, {"dataset", test.name}}));
    fmt::print("wrote {}: logits {} of the test images, their labels and index\n", options.logits, shape);
    return 0;
}

int predict(const Session& session, const Options& options) {
    WeightsOptions which = options.trained;
    std::vector<std::string> paths = options.words;
    if (!paths.empty() && is_model_name(session.registry, paths.front())) {
        which.model = paths.front();
        paths.erase(paths.begin());
    }
    if (paths.empty() && options.logits.empty()) throw UsageError("a picture, or --logits, is required");
    if (!paths.empty() && !options.logits.empty()) throw UsageError("--logits is of a data set, not of pictures");
    const TrainedModel trained = load_trained_model(session, which);
    return options.logits.empty() ? predict_pictures(trained, options, paths) : write_logits(trained, options);
}

void define(const Command& command, Options& options) {
    command.texts("WORDS", options.words, "[MODEL or RUN] PICTURE…: PNG, JPEG, and folders of them");
    add_weights_option(command, options.trained);
    command.whole("--top", options.top, "show the N likeliest classes (default: all of up to ten, else 5)");
    command.flag("--table", options.table, "print a row for each picture");
    const Option csv = command.flag("--csv", options.csv, "print picture,rank,class,probability");
    add_data_options(command, options.data);
    command.text("--logits", options.logits, "OUT.safetensors", "write the logits of a data set's test images")
        .check([](const std::string& out) {
            return out.ends_with(".safetensors") ? "" : fmt::format("must end in .safetensors, not '{}'", out);
        });
    command.flag("--json", options.json, "print JSON, for programs to read").excludes(csv);
}

}  // namespace

void add_predict_command(const Command& program, Session& session) {
    add_command(program, session, {"predict", "tell what pictures show", details}, define, predict);
}

}  // namespace cairn::app
