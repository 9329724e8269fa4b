// cairn bench.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

json bench_json(const std::string& model) {
    const CommandResult result =
        run_cairn({"bench", "--models", model, "--steps", "2", "--data", tiny_data(), "--json"});
    EXPECT_EQ(result.status, 0) << result.err;
    return json::parse(result.out);
}

double sum(const json& numbers) {
    double total = 0;
    for (const json& number : numbers) total += number.get<double>();
    return total;
}

// Catches a field that a script reads and that is gone, anything printed besides the JSON, a share that is computed from
// other numbers than those beside it, and a split that loses a part of the step.
TEST(Bench, AsJson) {
    const json list = bench_json("simple-cnn");
    ASSERT_EQ(list.size(), 1u);
    const json& r = list[0];
    EXPECT_EQ(r["model"], "simple-cnn");
    EXPECT_EQ(r["device"], "cpu");
    EXPECT_EQ(r["batch"], 32);
    EXPECT_EQ(r["data"], "shapes10");
    EXPECT_EQ(r["steps"], 2);
    const double seconds = 1e-3 * r["step_ms"].get<double>();
    EXPECT_GT(seconds, 0);
    EXPECT_NEAR(r["images_per_second"].get<double>() * seconds, 32, 1e-6);

    // By hand: conv 30*30*32*27, conv 13*13*64*288, dense 2304*64 and 64*10 multiply-adds per image; three products each,
    // but two for the first layer.
    EXPECT_EQ(r["flops_per_step"], 32 * 2 * (2 * 30 * 30 * 32 * 27 + 3 * (13 * 13 * 64 * 288 + 2304 * 64 + 64 * 10)));
    const double rate = r["sgemm_flops_per_second"];
    EXPECT_NEAR(r["sgemm_share"].get<double>(), r["flops_per_step"].get<double>() / rate / seconds, 1e-9);
    const double peak = r["multiply_add_flops_per_second"];
    EXPECT_NEAR(r["multiply_add_share"].get<double>(), r["flops_per_step"].get<double>() / peak / seconds, 1e-9);
    EXPECT_TRUE(r["copy_share"].is_null());  // it has convolutions
    EXPECT_EQ(r["system_allocations_per_step"], 0);
    EXPECT_GT(r["memory_growth_bytes"], 167562 * 4 * 4);  // values, gradients and Adam's two moments

    const json& phases = r["phases_ms"];
    for (const char* phase : {"forward", "gradients", "update", "data", "other"}) EXPECT_GT(phases[phase], 0) << phase;
    const double profiled = r["profiled_step_ms"];
    EXPECT_NEAR(sum(phases), profiled, 1e-6);
    // A stopwatch does not make a step faster, nor several times slower unless the machine is busy.
    EXPECT_GT(profiled, 0.3 * r["fastest_step_ms"].get<double>());
    double of_layers = 0;
    std::vector<std::string> names;
    for (const json& layer : r["layers"]) {
        of_layers += sum(layer["ms"]);
        names.push_back(layer["name"]);
    }
    EXPECT_NEAR(of_layers, profiled, 1e-6);
    for (const char* name : {"conv2d", "conv2d_1", "dense_1", "loss", "optimizer", "batch", "metrics"})
        EXPECT_THAT(names, testing::Contains(name));
}

// The traffic that a step needs at least, for a model whose time is memory traffic.
TEST(Bench, CountsTheBytesThatMustMove) {
    const json r = bench_json("mlp-l2")[0];
    EXPECT_EQ(r["moved_bytes_per_step"], 4 * (7 * 1578506 + 2 * 3072 * 512 + 3 * 512 * 10));
    EXPECT_NEAR(r["copy_share"].get<double>(),
                r["moved_bytes_per_step"].get<double>() / r["copy_bytes_per_second"].get<double>() /
                    (1e-3 * r["step_ms"].get<double>()),
                1e-9);
}

TEST(Bench, PrintsATableAndTheSplitOfASingleModel) {
    const CommandResult result =
        run_cairn({"bench", "--models", "simple-cnn", "--steps", "2", "--data", tiny_data(), "--threads", "1"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("1 thread,"));
    EXPECT_THAT(result.out, ContainsRegex("\nmodel +device +batch +step ms"));
    EXPECT_THAT(result.out, ContainsRegex("\nsimple-cnn +cpu +32 +[0-9.]+ "));
    EXPECT_THAT(result.out, ContainsRegex("\nconv2d_1 +[0-9.]+ +[0-9.]+ +[0-9.]+ "));
    EXPECT_THAT(result.out, ContainsRegex("peak [0-9.]+ GFLOP/s, sgemm [0-9.]+ GFLOP/s, copy [0-9.]+ GB/s\n"));

    // The shares follow from the numbers beside them. Catches a share that is no percentage, and two that are exchanged.
    double peak = 0, sgemm = 0;
    ASSERT_EQ(std::sscanf(line_with(result.out, "peak ").c_str(), "peak %lf GFLOP/s, sgemm %lf", &peak, &sgemm), 2);
    const Words row = words_of(line_with(result.out, "simple-cnn  cpu"));
    ASSERT_GE(row.size(), 15u) << result.out;
    const double rate = std::stod(row[10]) / (1e-3 * std::stod(row[3]));  // GFLOP and ms
    EXPECT_NEAR(std::stod(row[11]), 100 * rate / peak, 3);                // each of the three is rounded
    EXPECT_NEAR(std::stod(row[13]), 100 * rate / sgemm, 0.02 * 100 * rate / sgemm + 1);
}

// Catches a forced kernel, and with it a wrong yardstick, that nobody is told of; and a warning for a person who set nothing.
TEST(Bench, SaysWhichVariablesChooseOpenBlasKernels) {
    const Words words{"bench", "--models", "mlp-l2", "--steps", "2", "--data", tiny_data(), "--json"};
    CommandOptions options;
    options.environment = {{"OPENBLAS_CORETYPE", ""}, {"OPENBLAS_L2_SIZE", ""}, {"OPENBLAS_BLOCK_FACTOR", ""}};
    const json free = json::parse(run_cairn(words, options).out)[0];
    EXPECT_EQ(free["blas_settings"], json::array());
    EXPECT_THAT(free["warnings"].dump(), Not(HasSubstr("OpenBLAS")));
    options.environment["OPENBLAS_L2_SIZE"] = "512";
    const json forced = json::parse(run_cairn(words, options).out)[0];
    EXPECT_EQ(forced["blas_settings"], json::array({"OPENBLAS_L2_SIZE=512"}));
    EXPECT_THAT(forced["description"], HasSubstr(" (OPENBLAS_L2_SIZE=512)"));
    EXPECT_THAT(forced["warnings"].dump(),
                HasSubstr("OPENBLAS_L2_SIZE=512 in the environment chooses OpenBLAS's kernels"));
    EXPECT_THAT(run_cairn(Words(words.begin(), words.end() - 1), options).out,
                HasSubstr("\nwarning: OPENBLAS_L2_SIZE=512 in the environment"));
}

// Catches a row that does not say by which algorithm it was computed, and one that claims it on a device with one way of its own.
TEST(Bench, MeasuresTheAlgorithmsOfAConvolution) {
    Words words{"bench",  "--models",  "simple-cnn",    "--steps",      "2",
                "--data", tiny_data(), "--convolution", "im2col,direct"};
    const CommandResult table = run_cairn(words);
    EXPECT_EQ(table.status, 0) << table.err;
    EXPECT_THAT(table.out, ContainsRegex("\nmodel +device +convolution +batch"));
    EXPECT_THAT(table.out,
                ContainsRegex("\nsimple-cnn +cpu +im2col +32 +[0-9.]+ .*\nsimple-cnn +cpu +direct +32 +[0-9.]+ "));
    EXPECT_THAT(table.out, HasSubstr("\nsimple-cnn on cpu, convolutions by direct, by layer;"));
    words.emplace_back("--json");
    const json list = json::parse(run_cairn(words).out);
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0]["convolution"], "im2col");
    EXPECT_EQ(list[1]["convolution"], "direct");
    words.insert(words.end(), {"--devices", "cpu,reference"});
    const CommandResult elsewhere = run_cairn(words);
    EXPECT_EQ(elsewhere.status, 2);
    EXPECT_EQ(elsewhere.out, "");
    EXPECT_THAT(elsewhere.err, HasSubstr("--convolution im2col is for the cpu, but the device is reference"));
    EXPECT_THAT(run_cairn({"bench", "--convolution", "im2col,fft"}).err,
                HasSubstr("must be auto or im2col or direct or winograd, not 'fft'"));
}

TEST(Bench, RefusesWhatItCannotMeasure) {
    const CommandResult unknown = run_cairn({"bench", "--models", "simple-cnn,simple-cn"});
    EXPECT_EQ(unknown.status, 1);
    EXPECT_EQ(unknown.out, "");
    EXPECT_THAT(unknown.err, HasSubstr("unknown model 'simple-cn'; did you mean simple-cnn?"));
    const CommandResult few = run_cairn({"bench", "--models", "mlp-l2", "--data", tiny_data(), "--batch-size", "200"});
    EXPECT_EQ(few.status, 1);
    EXPECT_THAT(few.err, HasSubstr("holds 2 batches of this size"));
}

}  // namespace
