#include "cairn/measure/training_step.h"

#include "cairn/data/shapes10.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace cairn::measure {
namespace {

using Json = nlohmann::ordered_json;

nn::Model small_model() {
    return nn::Sequential{nn::Input({32, 32, 3}), nn::MaxPooling2D({4, 4}), nn::Flatten(), nn::Dense(10)};
}

double milliseconds(const Json& result, const std::string& layer, const char* phase) {
    for (const Json& one : result["layers"])
        if (one["name"] == layer) return one["ms"][phase];
    ADD_FAILURE() << "no time of " << layer;
    return -1;
}

// Catches memory that was there before the model, and a time that is told under another phase's name.
TEST(TrainingStep, TellsWhatTheModelNeedsAndWhere) {
    const std::string there_before(std::size_t{256} << 20, 'x');
    const data::Split images = data::make_shapes10(0, 64, 1);
    const Json result = training_step(
        {.model = "small", .make = small_model, .options = {}, .images = images.train, .batch_size = 8, .steps = 3});
    EXPECT_EQ(there_before.back(), 'x');
    if (result["memory_growth_bytes"].is_number()) {
        EXPECT_LT(result["memory_growth_bytes"], 256 << 20);
    }
    EXPECT_GT(milliseconds(result, "dense", "forward"), 0);
    EXPECT_GT(milliseconds(result, "dense", "gradients"), 0);
    EXPECT_EQ(milliseconds(result, "dense", "update"), 0);
    EXPECT_GT(milliseconds(result, "optimizer", "update"), 0);
    for (const char* phase : {"forward", "gradients", "data"})
        EXPECT_EQ(milliseconds(result, "optimizer", phase), 0) << phase;
    EXPECT_GT(milliseconds(result, "batch", "data"), 0);
}

}  // namespace
}  // namespace cairn::measure
