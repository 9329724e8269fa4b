// What a run leaves behind: history, weights, the lines of the progress bar.
#include "cairn/backend/devices.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/progress_bar.h"
#include "cairn/train/run_folder.h"
#include "cairn/train/weights.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <tuple>

namespace cairn::train {
namespace {

TEST(History, WritesAHeaderAndALinePerEpoch) {
    const History history{{{1, 2.3, 0.1, 2.25, 0.125, 3.5, 7.25, 0.001}}, false};
    EXPECT_EQ(history.csv(),
              "epoch,loss,accuracy,val_loss,val_accuracy,seconds,ms_per_step,learning_rate\n"
              "1,2.300000,0.100000,2.250000,0.125000,3.500,7.250,0.001\n");
    EXPECT_EQ(history.jsonl(),
              "{\"epoch\": 1, \"loss\": 2.300000, \"accuracy\": 0.100000, \"val_loss\": 2.250000, "
              "\"val_accuracy\": 0.125000, \"seconds\": 3.500, \"ms_per_step\": 7.250, \"learning_rate\": 0.001}\n");
}

// Catches a column that is read into another one, or by its position where the names decide.
TEST(History, IsReadBackByTheNamesOfItsColumns) {
    const History history{{{1, 2.3, 0.1, 2.25, 0.125, 3.5, 7.25, 0.001}, {2, 1.5, 0.25, 1, 0.5, 3, 7, 0.01}}, false};
    EXPECT_EQ(History{parse_csv(history.csv())}.csv(), history.csv());
    const std::vector<EpochRecord> other = parse_csv("val_loss,more,accuracy\n1.5,7,0.25\n,8,x\n");
    ASSERT_EQ(other.size(), 2u);
    EXPECT_EQ(other[0].epoch, 1);
    EXPECT_EQ(other[0].val_loss, 1.5);
    EXPECT_EQ(other[0].accuracy, 0.25);
    EXPECT_TRUE(std::isnan(other[0].val_accuracy)) << "there is no such column";
    EXPECT_TRUE(std::isnan(other[1].val_loss) && std::isnan(other[1].accuracy));
}

RunConfig odd_config() {
    RunConfig config;
    int n = 0;  // every number is another one
    for_each_setting(config, [&]<typename T>(const char* name, T& value, const char*) {
        ++n;
        if constexpr (std::is_same_v<T, std::string>) value = name;
        else if constexpr (std::is_same_v<T, Shape>) value = {n, 28, 1};
        else if constexpr (std::is_same_v<T, std::vector<std::string>>) value = {"a", "b c"};
        else if constexpr (std::is_same_v<T, data::ImageSize>) value = {n, 48};
        else if constexpr (std::is_same_v<T, Hash>) value = 0xfedcba9876543210u + static_cast<unsigned>(n);
        else if constexpr (std::is_same_v<T, optim::Schedule::Kind>) value = optim::Schedule::Kind::cosine;
        else if constexpr (std::is_same_v<T, std::vector<double>>) value = {n + 0.5, 2};
        else if constexpr (std::is_same_v<T, data::Augmentation>) value = {.flip = true, .shift = 3};
        else value = static_cast<T>(n);
    });
    config.device = "cpu";
    return config;
}

// Catches a setting that is left out, or written under another one's name. A hash has more digits than a double.
TEST(RunConfig, ComesBackAsItWasWritten) {
    const test::TempFolder folder;
    const RunConfig config = odd_config();
    RunFolder(folder.path()).write_config(config);
    const RunConfig read = read_config(folder.path());
    EXPECT_EQ(read.model, "model");
    EXPECT_EQ(read.train_images + 1, read.test_images);
    EXPECT_EQ(read.train_hash, config.train_hash);
    EXPECT_EQ(read.test_hash, config.test_hash);
    EXPECT_EQ(read.schedule.kind, config.schedule.kind);
    EXPECT_EQ(read.augmentation, config.augmentation);
    EXPECT_EQ(to_json(read), to_json(config));

    // What decides a resumed training must be there; for a page the rest is enough.
    nlohmann::ordered_json partly = to_json(config);
    partly.erase("seed");
    EXPECT_THROW(config_of(partly), nlohmann::json::exception);
    EXPECT_EQ(config_of(partly, true).seed, 0u);
    EXPECT_EQ(config_of(partly, true).threads, config.threads);

    // A run of a version that did not know the later settings goes on with their defaults.
    nlohmann::ordered_json earlier = to_json(config);
    for_each_later_setting(config, [&](const char* name, const auto&, const char*) { earlier.erase(name); });
    for (const char* name : {"image_shape", "classes", "image_size", "labels", "crop", "convolution"})
        earlier.erase(name);
    EXPECT_EQ(config_of(earlier).image_shape, Shape({32, 32, 3}));
    EXPECT_EQ(config_of(earlier).classes.size(), 10u);
    EXPECT_EQ(config_of(earlier).convolution, "auto");
    EXPECT_EQ(config_of(earlier).loss, "categorical_crossentropy");
    EXPECT_EQ(config_of(earlier).weight_decay, 0);
    EXPECT_EQ(config_of(earlier).seed, config.seed);
}

// Catches a number that is cut down, wrapped or taken for another type.
TEST(RunConfig, WhatIsNotASettingIsRefusedByName) {
    const std::tuple<const char*, const char*, const char*> cases[] = {
        {"batch_size", "16.9", "\"batch_size\": must be a whole number from 0 to 9223372036854775807, not 16.9"},
        {"batch_size", "0", "\"batch_size\" must be 1 or more, not 0"},
        {"epochs", "-5", "\"epochs\": must be a whole number from 0 to 2147483647, not -5"},
        {"epochs", "4294967297", "\"epochs\": must be a whole number from 0 to 2147483647, not 4294967297"},
        {"threads", "1e9", "\"threads\": must be a whole number from 0 to 2147483647, not 1000000000.0"},
        {"threads", "1000000", "\"threads\" must be from 1 to 1024, not 1000000"},
        {"seed", "true", "\"seed\": must be a whole number from 0 to 18446744073709551615, not true"},
        {"learning_rate", "-1", "\"learning_rate\": must be a number, 0 or more, not -1"},
        {"learning_rate", "\"1\"", "\"learning_rate\": must be a number, 0 or more, not \"1\""},
        {"nesterov", "1", "\"nesterov\": "},
        {"train_hash", "\"12x\"", "\"train_hash\": must be a hash of up to 16 hexadecimal digits, not \"12x\""},
        {"train_hash", "\"\"", "\"train_hash\": must be a hash"},
        {"image_shape", "[32, 0, 3]", "\"image_shape\": must be a list of 1 to"},
        {"image_shape", "[1,1,1,1,1,1,1,1,1,1]", "\"image_shape\": must be a list of 1 to"},
        {"image_size", "[7]", "\"image_size\": must be a height and a width, not [7]"},
        {"class_weights", "[1, -1]", "\"class_weights\": must be a number, 0 or more, not -1"},
        {"augmentation", "{\"flip\": true, \"shift\": 0.5}", "\"augmentation\": must be a whole number"},
        {"schedule", "\"spiral\"", "\"schedule\": "}};
    for (const auto& [name, value, said] : cases) {
        nlohmann::ordered_json json = to_json(odd_config());
        json[name] = nlohmann::ordered_json::parse(value);
        const std::string message = test::error_message([&] { config_of(json); });
        EXPECT_TRUE(message.starts_with(said)) << message;
    }
}

// Catches scores under each other's names, a transposed matrix, the training's for the test's, the time of one epoch
// for that of all, and parameters that are not counted.
TEST(RunRecord, HoldsWhatTheRunWrote) {
    const test::TempFolder folder;
    const RunFolder run(folder.path());
    nn::Sequential model{nn::Input({4}), nn::Dense(2), nn::BatchNormalization()};
    model.initialize({.seed = 1});
    const History history{{{1, 2.3, 0.1, 2.25, 0.125, 3.5, 7.25, 0.001}, {2, 2, 0.2, 2, 0.25, 4.25, 7, 0.001}}, true};
    const metrics::Scores test = metrics::scores_of(metrics::ConfusionMatrix({{5, 1}, {3, 4}}), 0.75);
    const metrics::Scores train = metrics::scores_of(metrics::ConfusionMatrix({{8, 0}, {1, 2}}), 0.5);
    run.write_config(odd_config());
    run.write_history(history);
    run.write_metrics(odd_config(), model, history, test, &train);
    save_run_weights(run.weights(), odd_config(), model, {"a", "b"}, history);
    const RunRecord read = read_run(folder.path());
    EXPECT_EQ(to_json(read.config), to_json(odd_config()));
    EXPECT_EQ(read.history.csv(), history.csv());
    EXPECT_TRUE(read.history.interrupted);
    EXPECT_EQ(read.seconds, 7.75) << "of both epochs";
    EXPECT_EQ(read.parameters, 10 + 2 * 4) << "the moving statistics among them";
    EXPECT_EQ(read.classes, (std::vector<std::string>{"a", "b"}));
    for (const auto& [is, was] : {std::pair(read.test, test), std::pair(read.train, train)}) {
        for (const auto& [name, score] : metrics::named_scores) EXPECT_NEAR(is.*score, was.*score, 1e-6) << name;
        EXPECT_EQ(is.confusion.counts(), was.confusion.counts());
    }
}

TEST(ProgressLine, ShowsStepMeansSpeedAndTimeLeft) {
    const Progress progress{3, 10, 800, 1600, 0.91234, 0.67891, 8.0};
    EXPECT_EQ(progress_line(progress, 100),
              "Epoch 3/10 [============>           ] 800/1600  loss 0.9123  accuracy 0.6789  10.0 ms/step  ETA 8 s");
}

// A line longer than the terminal wraps, and the next redraw leaves its first half on the screen.
TEST(ProgressLine, NeverFillsTheTerminalsWidth) {
    for (const std::int64_t step : {0, 1, 1600})
        for (int width = 20; width < 160; ++width)
            EXPECT_LT(progress_line({3, 10, step, 1600, 123.456, 0.5, 9000.0}, width).size(),
                      static_cast<std::size_t>(width));
}

TEST(EpochLine, HoldsAllOfTheRecord) {
    EXPECT_EQ(epoch_line({3, 0.9, 0.7, 1.1, 0.65, 12.34, 7.21, 0.001}, 10),
              "Epoch  3/10  12.3 s  7.2 ms/step  loss 0.9000  accuracy 0.7000  val_loss 1.1000  val_accuracy 0.6500");
}

nn::Sequential model_of(std::int64_t units) {
    return nn::Sequential{nn::Input({4}), nn::Dense(units), nn::BatchNormalization(), nn::Dense(2)};
}

// Catches weights saved under the wrong name, moving statistics forgotten, and a dtype that is not converted.
TEST(Weights, ComeBackAsTheyWere) {
    const test::TempFolder folder;
    nn::Sequential saved = model_of(3), loaded = model_of(3), in_double = model_of(3);
    saved.initialize({.seed = 1});
    backend(Device::cpu()).fill(saved.state(), 0.25);
    save_weights(saved, folder / "w.safetensors", {{"model", "tiny"}, {"epochs", "3"}});

    loaded.initialize({.seed = 2});
    in_double.initialize({.dtype = DType::float64, .seed = 2});
    EXPECT_EQ(load_weights(loaded, "tiny", folder / "w.safetensors").at("epochs"), "3");
    load_weights(in_double, "tiny", folder / "w.safetensors");
    for (std::size_t i = 0; i < saved.parameters().size(); ++i) {
        const std::vector<float> expected = saved.parameters()[i].parameter->value.to_vector<float>();
        EXPECT_EQ(loaded.parameters()[i].parameter->value.to_vector<float>(), expected);
        const std::vector<double> wide = in_double.parameters()[i].parameter->value.to_vector<double>();
        EXPECT_EQ(std::vector<float>(wide.begin(), wide.end()), expected);
    }
}

// Catches a model that is put together for other images than its weights learned.
TEST(Weights, SayWhichImagesTheyLearned) {
    const data::Description pets{"pets", {28, 30, 1}, {"cat", "dog"}};
    EXPECT_EQ(images_of({{"dataset", "pets"}, {"image_shape", "28,30,1"}, {"classes", "cat,dog"}}), pets);
    const data::Description unknown = images_of({});
    EXPECT_EQ(unknown.image_shape, (Shape{32, 32, 3}));
    EXPECT_EQ(unknown.classes.size(), 10u);
    EXPECT_EQ(unknown.classes[9], "9");
    for (const char* shape : {"28,30", "28,30,1,1", "28,,1", "28,-30,1", "28,30,1x", "0,1,3", ""})
        EXPECT_THROW(images_of({{"image_shape", shape}}), Error) << shape;
}

// The parameters are views of the arena: loading must fill the arena, not replace the views.
TEST(Weights, AreLoadedIntoTheArena) {
    const test::TempFolder folder;
    nn::Sequential saved = model_of(3), loaded = model_of(3);
    saved.initialize({.seed = 1});
    loaded.initialize({.seed = 2});
    save_weights(saved, folder / "w.safetensors", {});
    load_weights(loaded, "tiny", folder / "w.safetensors");
    EXPECT_EQ(loaded.values().to_vector<float>(), saved.values().to_vector<float>());
}

TEST(Weights, OfAnotherModelAreRefusedAndNothingIsChanged) {
    const test::TempFolder folder;
    const std::filesystem::path path = folder / "w.safetensors";
    nn::Sequential saved = model_of(3), other = model_of(5);
    saved.initialize({.seed = 1});
    other.initialize({.seed = 1});
    const std::vector<float> before = other.values().to_vector<float>();

    save_weights(saved, path, {{"model", "tiny"}});
    EXPECT_EQ(test::error_message([&] { load_weights(other, "large", path); }),
              path.string() +
                  " holds the weights of tiny, not of large; name that model, or train this one: ./cairn train large");
    save_weights(saved, path, {});
    EXPECT_EQ(test::error_message([&] { load_weights(other, "large", path); }),
              path.string() +
                  ": 'dense/kernel' has shape (4, 3), but large needs (4, 5); it holds the weights of another model");
    io::write_safetensors(path, {{"dense/kernel", zeros({4, 5}, DType::float32, Device::cpu())}});
    EXPECT_EQ(test::error_message([&] { load_weights(other, "large", path); }),
              path.string() + " has no tensor 'dense/bias', which large needs; it holds the weights of another model");
    EXPECT_EQ(other.values().to_vector<float>(), before);
}

}  // namespace
}  // namespace cairn::train
