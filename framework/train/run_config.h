// RunConfig: the settings of a training run, and config.json, which holds them.
#pragma once

#include "cairn/data/augment.h"
#include "cairn/data/description.h"
#include "cairn/data/load_options.h"
#include "cairn/optim/schedule.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::train {

// A hash, which config.json writes in hexadecimal digits: JSON's numbers are doubles.
struct Hash {
    std::uint64_t value = 0;

    Hash(std::uint64_t hash = 0) : value(hash) {}
    bool operator==(const Hash&) const = default;
};

struct RunConfig {
    std::string model;
    std::string dataset;      // "cifar-10"
    std::string data_folder;  // empty for a generated data set
    Shape image_shape{32, 32, 3};
    std::vector<std::string> classes = data::cifar10().classes;
    data::LoadOptions load{};
    std::int64_t limit = 0;  // of the training and of the test images alike; 0: all
    std::int64_t train_images = 0, test_images = 0;
    Hash train_hash, test_hash;  // data::content_hash
    int epochs = 0;
    std::int64_t batch_size = 0;
    std::string optimizer;
    double learning_rate = 0;
    optim::Schedule schedule{};
    data::Augmentation augmentation{};
    int early_stopping = 0;  // EarlyStopping::patience
    bool save_best = false;
    double momentum = 0;
    bool nesterov = false;
    double weight_decay = 0;
    double clip_norm = 0;  // 0: gradients are not clipped
    double ema = 0;        // the momentum of the averages; 0: there are none
    std::string loss = "categorical_crossentropy";
    double label_smoothing = 0;
    std::vector<double> class_weights{};  // empty: all count 1
    std::string weights{};                // the file that the training starts from; empty: from initial values
    std::optional<double> l2{};           // of the penalties on kernels (Model::set_l2); none: the model's own
    std::vector<std::string> freeze{};    // prefixes of the names of parameters that are not trained
    std::uint64_t seed = 0;
    int threads = 0;
    std::string device;                // "cpu"
    std::string convolution = "auto";  // the algorithm on the cpu, as --convolution names it
    std::string command;               // what the user typed

    data::Description images() const { return {dataset, image_shape, classes}; }
};

// The settings that earlier versions of cairn did not have: where a config.json lacks them, they have their defaults. Those
// versions trained on images like CIFAR-10's.
template <typename Config, typename F>
void for_each_later_setting_of_data(Config& config, const F& f) {
    f("image_shape", config.image_shape, "");
    f("classes", config.classes, "");
    f("labels", config.load.labels, "--labels");
    f("image_size", config.load.image_size, "--image-size");
    f("crop", config.load.crop, "--crop");
    f("skip_bad", config.load.skip_bad, "--skip-bad");
    f("split_seed", config.load.split_seed, "--split-seed");
}
template <typename Config, typename F>
void for_each_later_setting(Config& config, const F& f) {
    f("power", config.schedule.power, "--power");
    f("patience", config.schedule.patience, "--patience");
    f("momentum", config.momentum, "--momentum");
    f("nesterov", config.nesterov, "--nesterov");
    f("weight_decay", config.weight_decay, "--weight-decay");
    f("clip_norm", config.clip_norm, "--clip-norm");
    f("ema", config.ema, "--ema");
    f("loss", config.loss, "--loss");
    f("label_smoothing", config.label_smoothing, "--label-smoothing");
    f("class_weights", config.class_weights, "--class-weights");
    f("weights", config.weights, "--weights");
    f("freeze", config.freeze, "--freeze");
    f("l2", config.l2, "--l2");
}

// Calls f(name, value, option) for each setting: `name` in config.json, whose order this is, and the option of `cairn train`
// that decides it, or "". What writes, reads or compares a configuration goes through this one list.
template <typename Config, typename F>
void for_each_setting(Config& config, const F& f) {
    f("model", config.model, "MODEL");
    f("dataset", config.dataset, "");
    f("data_folder", config.data_folder, "");
    for_each_later_setting_of_data(config, f);
    f("limit", config.limit, "--limit");
    f("train_images", config.train_images, "");
    f("test_images", config.test_images, "");
    f("train_hash", config.train_hash, "");
    f("test_hash", config.test_hash, "");
    f("epochs", config.epochs, "--epochs");
    f("batch_size", config.batch_size, "--batch-size");
    f("optimizer", config.optimizer, "--optimizer");
    f("learning_rate", config.learning_rate, "--learning-rate");
    f("schedule", config.schedule.kind, "--schedule");
    f("warmup_epochs", config.schedule.warmup_epochs, "--warmup-epochs");
    f("augmentation", config.augmentation, "--augment");
    f("early_stopping", config.early_stopping, "--early-stopping");
    f("save_best", config.save_best, "--save-best");
    for_each_later_setting(config, f);
    f("seed", config.seed, "--seed");
    f("device", config.device, "--device");
    f("convolution", config.convolution, "--convolution");  // later, too
    f("threads", config.threads, "");
    f("command", config.command, "");
}

nlohmann::ordered_json to_json(const RunConfig& config);
// Settings that are missing are an error (of nlohmann::json), but for later ones; with `partly`, all keep their defaults. Throws
// Error that names a setting that is of another type or out of its bounds.
RunConfig config_of(const nlohmann::ordered_json& json, bool partly = false);

// The settings that decide what a training computes, those at their defaults left out: what a checkpoint was computed with. How
// far it goes, with how many threads and from which folder its images come may change on the way.
nlohmann::ordered_json deciding_settings(const RunConfig& config);

// The config.json of a run. Throws Error if the folder holds no run, or one of another version of cairn.
RunConfig read_config(const std::filesystem::path& folder);

}  // namespace cairn::train
