#include "cairn/measure/training_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cairn::measure {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;
using Sentences = std::vector<std::string>;

Json result_with(double step_ms, double profiled_step_ms) {
    return {{"model", "simple-cnn"},
            {"device", "cpu"},
            {"blas_settings", Json::array()},
            {"step_ms", step_ms},
            {"profiled_step_ms", profiled_step_ms}};
}

// A warning that always comes is not read.
TEST(Warnings, AQuietMeasurementHasNone) { EXPECT_TRUE(warnings(result_with(10, 11.9)).empty()); }

// Catches a split that is printed beside a step it does not belong to, and a limit in the other direction.
TEST(Warnings, PartsThatAreMoreThanTheStep) {
    EXPECT_THAT(warnings(result_with(10, 12.1)),
                ElementsAre(HasSubstr("simple-cnn on cpu add up to 12.10 ms, but a step takes 10.00 ms")));
    EXPECT_TRUE(warnings(result_with(12, 10)).empty());
}

// On a GPU the parts are kernels, if its queue can time them.
TEST(Warnings, KernelsThatAreMoreThanTheStep) {
    Json result{{"model", "resnet"}, {"device", "vulkan:0"}, {"blas_settings", Json::array()}, {"step_ms", 10}};
    result["kernels_ms"] = 13.0;
    EXPECT_THAT(warnings(result), ElementsAre(HasSubstr("resnet on vulkan:0 add up to 13.00 ms")));
    result["kernels_ms"] = 11.0;
    EXPECT_TRUE(warnings(result).empty());
    result["kernels_ms"] = nullptr;
    EXPECT_TRUE(warnings(result).empty());
}

// Catches a yardstick that a variable of the environment shortens in silence.
TEST(Warnings, AForcedKernelOfOpenBlas) {
    Json result = result_with(10, 10);
    result["blas_settings"] = {"OPENBLAS_CORETYPE=Haswell", "OPENBLAS_L2_SIZE=512"};
    EXPECT_EQ(
        warnings(result),
        Sentences{
            "OPENBLAS_CORETYPE=Haswell OPENBLAS_L2_SIZE=512 in the environment chooses OpenBLAS's kernels, so that "
            "sgemm, and the share of it, is not this machine's; without: env -u OPENBLAS_CORETYPE -u "
            "OPENBLAS_L2_SIZE ./cairn bench"});
}

}  // namespace
}  // namespace cairn::measure
