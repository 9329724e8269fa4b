// Writes the inputs that the fuzzers start from, a folder for each: seeds FOLDER. Each is a small file as cairn, or the libraries
// for pictures, write it.
#include "cairn/data/bundle.h"
#include "cairn/io/png.h"
#include "cairn/train/run_folder.h"
#include "data/format_files.h"
#include "data/tiny_split.h"
#include "input.h"
#include "support/picture_files.h"

#include <fmt/ranges.h>

using namespace cairn;

namespace {

namespace fs = std::filesystem;

// A file of several, as fuzz::next_file takes them apart.
std::string counted(const std::string& file) {
    return std::string{static_cast<char>(file.size() & 0xff), static_cast<char>(file.size() >> 8)} + file;
}

std::string names(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += fmt::format("class {}\n", i);
    return text;
}

void pictures(const fs::path& out) {
    const io::Image image = test::plain_picture(9, 7, {10, 90, 200});
    fs::create_directories(out / "png");
    fs::create_directories(out / "jpeg");
    io::write_png(out / "png" / "rgb", image);
    test::write_other_png(out / "png" / "grey", image, false);
    test::write_other_png(out / "png" / "sixteen", image, true);
    test::write_jpeg(out / "jpeg" / "rgb", image);
    test::write_jpeg(out / "jpeg" / "grey", image, true);
}

void data_sets(const fs::path& out) {
    std::string records;
    for (char label = 0; label < 2; ++label)
        records += std::string(1, label) + std::string(3072, static_cast<char>(9 * label));
    fuzz::put(out / "cifar10" / "two", counted(names(10)) + records);
    fuzz::put(out / "cifar100" / "two", counted(names(20)) + counted(names(100)) + test::cifar100_records(2));
    const std::string images = test::idx_images(3, 2, 2), labels = test::idx_labels(3);
    fuzz::put(out / "idx" / "plain", std::string(1, '\0') + counted(images) + labels);
    fuzz::put(out / "idx" / "packed", std::string(1, '\1') + counted(test::gzipped(images)) + test::gzipped(labels));
    data::Split split;
    for (data::Dataset* part : {&split.train, &split.test})
        *part = {.name = "squares",
                 .classes = {"a", "b"},
                 .image_shape = {2, 2, 1},
                 .images = {1, 2, 3, 4, 5, 6, 7, 8},
                 .labels = {0, 1},
                 .index = {1, 0}};
    for (const char* target : {"dataset", "pictures", "safetensors"}) {
        fs::create_directories(out / target);
        data::write_bundle(split, out / target / "squares", {{"key", "1"}, {"notes", "a note"}});
    }
}

void runs(const fs::path& out) {
    const fs::path folder = fuzz::scratch() / "run";
    const train::RunFolder run(folder);
    nn::Sequential model{nn::Input({1, 2, 1}), nn::Flatten(), nn::Dense(2)};
    model.initialize({.device = Device::reference(), .seed = 1});
    optim::Adam adam;
    train::RunConfig config;
    config.model = "fuzzed";
    config.device = "reference";
    const train::History history{{{1, 2.3, 0.1, 2.25, 0.125, 3.5, 7.25, 0.001}}, false};
    const metrics::Scores scores = metrics::scores_of(metrics::ConfusionMatrix({{5, 1}, {3, 4}}), 0.75);
    run.write_config(config);
    run.write_history(history);
    run.write_metrics(config, model, history, scores, &scores);
    for (const auto& [target, file] : {std::pair("config", "config.json"), std::pair("history", "history.csv"),
                                       std::pair("metrics", "metrics.json")}) {
        fs::create_directories(out / target);
        fs::copy_file(folder / file, out / target / "run", fs::copy_options::overwrite_existing);
    }
    data::Dataset images{
        .name = "n", .classes = {"a", "b"}, .image_shape = {1, 2, 1}, .images = {1, 2, 3, 4}, .labels = {0, 1}};
    train::FitState state;
    train::fit(model, adam, images, images,
               {.epochs = 1,
                .batch_size = 2,
                .save =
                    [&](const train::FitState& now) {
                        train::save_checkpoint(out / "checkpoint", "fuzzed", model, adam, now);
                    }},
               state);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    pictures(argv[1]);
    data_sets(argv[1]);
    runs(argv[1]);
    return 0;
}
