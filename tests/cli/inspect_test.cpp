// cairn models, summary, gradcheck, devices and data.
#include "cli/cli.h"

#include <algorithm>

#ifdef __linux__
#include <sched.h>
#endif

namespace {

using namespace cairn::test;
using testing::ContainsRegex;
using testing::HasSubstr;

TEST(Models, ListsThemAsTextAndJson) {
    const CommandResult text = run_cairn({"models"});
    EXPECT_EQ(text.status, 0);
    EXPECT_THAT(text.out, HasSubstr("\nsimple-cnn "));
    EXPECT_THAT(text.out, HasSubstr("  1,578,506  "));
    const nlohmann::json models = nlohmann::json::parse(run_cairn({"models", "--json"}).out);
    const auto simple =
        std::find_if(models.begin(), models.end(), [](const auto& m) { return m["name"] == "simple-cnn"; });
    ASSERT_NE(simple, models.end());
    EXPECT_EQ((*simple)["parameters"], 167562);
    EXPECT_EQ((*simple)["chapter"], 7);
}

TEST(Summary, AsTextAndJson) {
    EXPECT_THAT(run_cairn({"summary", "simple-cnn"}).out, HasSubstr("Total params: 167,562 (654.54 KB)\n"));
    const nlohmann::json summary = nlohmann::json::parse(run_cairn({"summary", "simple-cnn", "--json"}).out);
    EXPECT_EQ(summary["trainable_parameters"], 167562);
    EXPECT_EQ(summary["layers"][1]["output_shape"], nlohmann::json({30, 30, 32}));
}

TEST(Gradcheck, PrintsALinePerOp) {
    const CommandResult result = run_cairn({"gradcheck", "dense", "relu"});
    EXPECT_EQ(result.status, 0) << result.out;
    EXPECT_THAT(result.out, ContainsRegex("\ndense +[0-9]+ +[0-9.]+e-[0-9]+ +1e-06 +[0-9]+  ok\n"));
    EXPECT_THAT(result.out, ContainsRegex("\nrelu +[0-9]+ "));
    EXPECT_THAT(result.out, ContainsRegex("\n2 of 2 passed in "));
}

TEST(Gradcheck, AsJson) {
    const CommandResult result = run_cairn({"gradcheck", "matmul", "--json", "--device", "reference"});
    const nlohmann::json lines = nlohmann::json::parse(result.out);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0]["name"], "matmul");
    EXPECT_EQ(lines[0]["passed"], true);
    EXPECT_LT(lines[0]["error"].get<double>(), lines[0]["bound"].get<double>());
}

TEST(Gradcheck, ChecksAModel) {
    const CommandResult result = run_cairn({"gradcheck", "mlp-l2"});
    EXPECT_EQ(result.status, 0) << result.out;
    EXPECT_THAT(result.out, ContainsRegex("\nmlp-l2 +1 .*ok\n"));
}

TEST(Devices, MarksTheAutomaticOne) {
    const CommandResult result = run_cairn({"--threads", "1", "devices"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("reference  "));
    EXPECT_THAT(result.out, ContainsRegex("\ncpu  .*1 thread,"));
    EXPECT_THAT(result.out, HasSubstr("\nvulkan"));
}

#ifdef __linux__
// Catches threads for processors on which cairn must not run, and a mask that no option overrides.
TEST(Devices, TheThreadsFollowTheAffinityMask) {
    cpu_set_t before, one;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);  // for the programs that this one starts, too
    const CommandResult followed = run_cairn({"devices"}), overridden = run_cairn({"--threads", "3", "devices"});
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
    EXPECT_THAT(followed.out, ContainsRegex("\ncpu  .*1 thread,"));
    EXPECT_THAT(overridden.out, ContainsRegex("\ncpu  .*3 threads,"));
}
#endif

#if defined(__linux__) && defined(__x86_64__)
// Catches a kernel that a person forced and that is not named beside the processor; and one that cairn took, by starting
// itself once more, that is said to be the person's.
TEST(Devices, NameTheVariableThatForcesAKernel) {
    CommandOptions options;
    options.environment = {{"OPENBLAS_L2_SIZE", ""}, {"OPENBLAS_BLOCK_FACTOR", ""}, {"OPENBLAS_CORETYPE", "Nehalem"}};
    EXPECT_THAT(run_cairn({"devices"}, options).out, HasSubstr(", OpenBLAS Nehalem (OPENBLAS_CORETYPE=Nehalem)"));
    options.environment["CAIRN_CHOSE_OPENBLAS_CORETYPE"] = "1";
    EXPECT_THAT(run_cairn({"devices"}, options).out, ContainsRegex(", OpenBLAS Nehalem[ \n]"));
}
#endif

// Catches a software GPU that is taken for a real one: training on it takes hundreds of times longer than on the processor.
TEST(Devices, AutoIsARealGpuOrTheProcessor) {
    const CommandResult result = run_cairn({"devices", "--json"});
    ASSERT_EQ(result.status, 0) << result.err;
    int real_gpus = 0;
    std::vector<nlohmann::json> automatic;
    for (const nlohmann::json& device : nlohmann::json::parse(result.out)) {
        real_gpus += device.contains("software") && !device["software"];
        if (device["auto"]) automatic.push_back(device);
    }
    ASSERT_EQ(automatic.size(), 1u) << result.out;
    if (real_gpus == 0) EXPECT_EQ(automatic[0]["device"], "cpu");
    else EXPECT_FALSE(automatic[0]["software"]) << result.out;
}

TEST(Data, InfoCountsImages) {
    const CommandResult result = run_cairn({"data", "info", tiny_data()});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("shapes10 in "));
    EXPECT_THAT(result.out, ContainsRegex("\ndisc +30 +10\n"));
    EXPECT_THAT(result.out, ContainsRegex("\nall +300 +100\n"));
    EXPECT_THAT(result.out, ContainsRegex("\nred +0\\.[0-9]{4} "));
}

// Catches a shapes10 on the disk that is not the one in memory: both are called shapes10, so a seed must mean the same run; and
// a --seed that is not used.
TEST(Data, MakesShapes10) {
    const CommandResult result = run_cairn({"data", "make-shapes10", "made", "--seed", "3"});
    ASSERT_EQ(result.status, 0) << result.err;
    const cairn::data::Split made = cairn::data::load_cifar10(workplace() / "made"),
                             drawn = cairn::data::make_shapes10(3);
    EXPECT_EQ(made.train.name, "shapes10");
    EXPECT_EQ(made.train.images == drawn.train.images, true);
    EXPECT_EQ(made.test.labels, drawn.test.labels);
}

}  // namespace
