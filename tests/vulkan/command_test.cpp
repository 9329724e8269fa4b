// The command line on Vulkan, under the validation layer: any message of it makes a command fail.
#include "cli/cli.h"

#include <cmath>

namespace {

using namespace cairn::test;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;

CommandResult run_on_vulkan(Words words) {
    return run_cairn(words, {.environment = {{"CAIRN_VULKAN_VALIDATION", "1"}}});
}

json last_epoch(const std::string& run) {
    std::istringstream lines(contents(workplace() / run / "history.jsonl"));
    std::string line, last;
    while (std::getline(lines, line)) last = line;
    return json::parse(last);
}

// Catches a training that only looks like one: the same seed must lead along the cpu's losses, and the weights must be
// usable on the processor.
TEST(OnVulkan, TrainsAsOnTheProcessor) {
    for (const char* device : {"cpu", "vulkan"}) {
        const CommandResult result = run_on_vulkan({"train", "simple-cnn", "--data", tiny_data(), "--limit", "64",
                                                    "--epochs", "2", "--out", device, "--device", device});
        ASSERT_EQ(result.status, 0) << result.err;
        EXPECT_EQ(result.err, "");
    }
    const json cpu = last_epoch("cpu"), gpu = last_epoch("vulkan");
    for (const char* name : {"loss", "val_loss"})
        EXPECT_NEAR(gpu[name].get<double>(), cpu[name].get<double>(), 0.01 * cpu[name].get<double>()) << name;

    const std::string weights = (workplace() / "vulkan/model.safetensors").string();
    const CommandResult judged = run_cairn(
        {"evaluate", "simple-cnn", "--weights", weights, "--data", tiny_data(), "--limit", "64", "--device", "cpu"});
    EXPECT_EQ(judged.status, 0) << judged.err;
    EXPECT_THAT(judged.out, HasSubstr(fmt::format("{:.4f}", gpu["val_accuracy"].get<double>())));
}

TEST(OnVulkan, RefusesFloat64) {
    const CommandResult result = run_on_vulkan({"gradcheck", "relu", "--device", "vulkan"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("vulkan has no float64; use reference or cpu"));
}

TEST(OnVulkan, DivergeAgreesWithTheReference) {
    const CommandResult result =
        run_on_vulkan({"diverge", "mlp-bn", "--right", "vulkan", "--data", tiny_data(), "--steps", "2", "--json"});
    ASSERT_EQ(result.status, 0) << result.err << result.out;
    const json found = json::parse(result.out);
    EXPECT_EQ(found["left"], "reference float32");
    EXPECT_EQ(found["right"], "vulkan float32");
    EXPECT_EQ(found["agree"], true);
    EXPECT_TRUE(found["first"].is_null());
    EXPECT_GT(found["compared"], 50);
    EXPECT_EQ(found["tensors"][0]["bound"], 1e-4);
}

// A bound that no float32 kernel can keep: the exit status and the line must say where the sides part.
TEST(OnVulkan, DivergeSaysWhereTheSidesPart) {
    const CommandResult result =
        run_on_vulkan({"diverge", "mlp-l2", "--right", "vulkan", "--data", tiny_data(), "--bound", "1e-12"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.out, ContainsRegex("The sides part in step 1, forward of dense \\("));
    EXPECT_THAT(result.out, HasSubstr("bound 1e-12"));
}

// The aim of the design: a step is one submission of few kernels, and nothing waits in it.
TEST(OnVulkan, BenchCountsTheDispatchesOfAStep) {
    const CommandResult result = run_on_vulkan({"bench", "--models", "original-cnn", "--devices", "vulkan", "--data",
                                                tiny_data(), "--batch-size", "4", "--steps", "6", "--json"});
    ASSERT_EQ(result.status, 0) << result.err;
    const json r = json::parse(result.out)[0];
    EXPECT_LE(r["dispatches_per_step"], 40);
    EXPECT_GT(r["dispatches_per_step"], 10);
    EXPECT_EQ(r["submissions_per_step"], 1);
    EXPECT_EQ(r["system_allocations_per_step"], 0);
    EXPECT_GT(r["host_ms"], 0);
    EXPECT_GT(r["recording_ms"], 0);
    double dispatches = 0;
    for (const json& kernel : r["kernels"]) dispatches += kernel["dispatches_per_step"].get<double>();
    EXPECT_EQ(dispatches, r["commands_per_step"]);
}

}  // namespace
