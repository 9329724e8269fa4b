// NaN and infinity in what is read and in what is logged.
#include "cairn/backend/devices.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/history.h"
#include "cairn/train/weights.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <sstream>

namespace cairn::train {
namespace {

using test::error_message;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

class WeightsNotFinite : public testing::Test {
protected:
    WeightsNotFinite() { model.initialize({.seed = 1}); }

    // The model's weights with these numbers in the kernel (2, 3), at the second and the fifth place.
    void write(double first, double second) {
        io::NamedTensors tensors;
        for (const auto& [name, parameter] : model.parameters()) {
            std::vector<float> values = parameter->value.to_vector<float>();
            if (parameter->shape.rank() == 2) {
                values[1] = static_cast<float>(first);
                values[4] = static_cast<float>(second);
            }
            tensors.emplace_back(name, from_values(parameter->shape, values, Device::cpu()));
        }
        io::write_safetensors(path, tensors);
    }

    test::TempFolder folder;
    std::filesystem::path path = folder / "w.safetensors";
    nn::Sequential model{nn::Input({2}), nn::Dense(3)};
};

// Catches a model that predicts NaN for everything, and says nothing.
TEST_F(WeightsNotFinite, LoadingSaysWhichHowManyAndWhere) {
    write(0.5, infinity);
    const std::vector<float> before = model.values().to_vector<float>();
    const std::string message = error_message([&] { load_weights(model, "m", path); });
    EXPECT_THAT(message,
                HasSubstr("dense/kernel' holds 1 of 6 numbers that are not finite; the first is inf at [1, 1]"));
    EXPECT_THAT(message, HasSubstr("--allow-nonfinite"));
    EXPECT_EQ(model.values().to_vector<float>(), before) << "nothing was loaded";
    write(nan, -infinity);
    EXPECT_THAT(error_message([&] { load_weights(model, "m", path); }), HasSubstr("holds 2 of 6 numbers"));
    EXPECT_THAT(error_message([&] { load_weights(model, "m", path); }), HasSubstr("nan at [0, 1]"));
    EXPECT_THAT(error_message([&] { start_from_weights(model, path); }), HasSubstr("holds 2 of 6 numbers"));
}

TEST_F(WeightsNotFinite, TheyAreLoadedForWhoInsists) {
    write(nan, 2);
    load_weights(model, "m", path, true);
    const std::vector<float> values = model.values().to_vector<float>();
    EXPECT_EQ(std::ranges::count_if(values, [](float value) { return std::isnan(value); }), 1);
}

// Before memory is asked for: a header is compared with a model that has none yet.
TEST(Weights, AreComparedBeforeTheModelIsInitialized) {
    const nn::Sequential huge{nn::Input({1'000'000}), nn::Dense(1'000'000)};
    io::SafetensorsHeader header;
    header.tensors.push_back({.name = "dense/kernel", .dtype = DType::float32, .shape = {2, 3}});
    EXPECT_THAT(error_message([&] { check_weights(huge, "huge", "file", header); }), HasSubstr("has shape (2, 3)"));
}

TEST(Weights, NamesThatNoClassMayHaveAreRefused) {
    for (const char* classes : {"a,a", "a,\x1b[31mb", "a,caf\xe9"})
        EXPECT_THROW(class_names({{"classes", classes}}), Error);
    for (const char* dataset : {"../x", "\x1b[2J", ""})
        EXPECT_THROW(images_of({{"dataset", dataset}}), Error) << dataset;
    EXPECT_THROW(images_of({{"image_shape", "16384,16384,3"}}), Error)
        << "a layer for it would not fit into any memory";
}

History with_losses(const std::vector<double>& losses) {
    History history;
    for (const double loss : losses) history.epochs.push_back({.val_loss = loss});
    return history;
}

// Catches a NaN that stays the best for ever, and one that every loss is worse than.
TEST(EarlyStoppingOfNaN, IsWorseThanAnyNumber) {
    const EarlyStopping two{2};
    EXPECT_FALSE(two(with_losses({nan, 3, 2})));
    EXPECT_FALSE(two(with_losses({nan, nan, 3})));
    EXPECT_FALSE(two(with_losses({3, nan, 2, nan})));
    EXPECT_TRUE(two(with_losses({3, nan, nan}))) << "two epochs without an improvement";
    EXPECT_TRUE(two(with_losses({nan, nan, nan})));
    EXPECT_FALSE(two(with_losses({nan, nan})));
    EXPECT_TRUE(two(with_losses({1, nan, 2})));
}

// Catches "-nan", which is no JSON, and a metric's name that would need quoting.
TEST(HistoryOfNaN, RemainsJsonAndCsv) {
    History history = with_losses({nan, -nan, infinity, -infinity, 1.5});
    history.metrics = {"a \"b\""};
    for (EpochRecord& epoch : history.epochs) epoch.metrics = {nan};
    std::istringstream lines(history.jsonl());
    std::vector<nlohmann::json> read;
    for (std::string line; std::getline(lines, line);) read.push_back(nlohmann::json::parse(line));
    ASSERT_EQ(read.size(), 5u);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(read[i].at("val_loss").is_null()) << i;
    EXPECT_EQ(read[4].at("val_loss"), 1.5);
    EXPECT_TRUE(read[0].at("a \"b\"").is_null());
    EXPECT_TRUE(read[0].at("val_a \"b\"").is_null()) << "there is none";
    EXPECT_EQ(history.csv().find("-nan"), std::string::npos);
    EXPECT_TRUE(std::isnan(parse_csv(history.csv())[1].val_loss));
    EXPECT_EQ(parse_csv(history.csv())[3].val_loss, -infinity);
}

}  // namespace
}  // namespace cairn::train
