// cairn train: what it writes, what it repeats, and how it can be stopped.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
using testing::HasSubstr;
using testing::StartsWith;

int count_lines_with(const std::string& text, const std::string& part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

TEST(Train, WritesTheRun) {
    CommandOptions options;
    options.environment = {{"OPENBLAS_L2_SIZE", "512"}};
    const CommandResult result = train_tiny("run", {"--epochs", "2", "--batch-size", "16", "--device", "cpu"}, options);
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_THAT(result.out, StartsWith("Data: shapes10 from " + tiny_data()));
    EXPECT_EQ(count_lines_with(result.out, "\nEpoch "), 2) << "a line per epoch, and no bar where there is no terminal";
    EXPECT_EQ(result.out.find('\r'), std::string::npos);

    const std::filesystem::path run = workplace() / "run";
    const nlohmann::json config = json_file(run / "config.json"), metrics = json_file(run / "metrics.json");
    EXPECT_EQ(config["model"], "simple-cnn");
    EXPECT_EQ(config["dataset"], "shapes10");
    EXPECT_EQ(config["data_folder"], tiny_data());
    EXPECT_EQ(config["train_images"], 64);
    EXPECT_EQ(config["test_images"], 64);
    EXPECT_EQ(config["epochs"], 2);
    EXPECT_EQ(config["batch_size"], 16);
    EXPECT_THAT(config["command"].get<std::string>(), StartsWith("./cairn train simple-cnn --data "));
    EXPECT_THAT(config["hardware"].get<std::string>(), HasSubstr("OPENBLAS_L2_SIZE=512"))
        << "a variable that makes OpenBLAS compute otherwise";
    EXPECT_EQ(metrics["parameters"], 167562);
    EXPECT_EQ(metrics["interrupted"], false);
    EXPECT_EQ(count_lines_with(contents(run / "history.csv"), "\n"), 3);
    EXPECT_EQ(count_lines_with(contents(run / "history.jsonl"), "\n"), 2);
    EXPECT_GT(std::filesystem::file_size(run / "model.safetensors"), 670'000u);
}

// Catches a seed that is not used, and anything in a run that depends on more than the seed: time, addresses, threads' order.
TEST(Train, TheSeedDecidesTheWeights) {
    ASSERT_EQ(train_tiny("seed5a", {"--seed", "5"}).status, 0);
    ASSERT_EQ(train_tiny("seed5b", {"--seed", "5"}).status, 0);
    ASSERT_EQ(train_tiny("seed6", {"--seed", "6"}).status, 0);
    // The values stand at the end of the file, behind a header that names the seed.
    const auto values = [](const char* run) {
        const std::string bytes = contents(workplace() / run / "model.safetensors");
        return bytes.substr(bytes.size() - 167562 * sizeof(float));
    };
    EXPECT_TRUE(values("seed5a") == values("seed5b"));
    EXPECT_FALSE(values("seed5a") == values("seed6"));
    EXPECT_TRUE(contents(workplace() / "seed5a" / "model.safetensors") ==
                contents(workplace() / "seed5b" / "model.safetensors"));
}

// Catches a default folder that replaces an earlier run.
TEST(Train, WithoutOutEveryRunHasItsOwnFolder) {
    const Words words{"train", "simple-cnn", "--data", tiny_data(), "--limit", "8", "--epochs", "1", "--seed", "3"};
    const std::filesystem::path runs = workplace() / "runs";
    ASSERT_EQ(run_cairn(words).status, 0);
    EXPECT_TRUE(std::filesystem::exists(runs / "simple-cnn-shapes10-seed3" / "model.safetensors"));
    ASSERT_EQ(run_cairn(words).status, 0);
    EXPECT_TRUE(std::filesystem::exists(runs / "simple-cnn-shapes10-seed3-2" / "model.safetensors"));
    std::filesystem::remove_all(runs);
}

// --out names a folder on purpose, so its run is replaced, and the command says so.
TEST(Train, WithOutTheRunIsReplaced) {
    ASSERT_EQ(train_tiny("again", {"--seed", "1"}).status, 0);
    const std::string before = contents(workplace() / "again" / "model.safetensors");
    const CommandResult result = train_tiny("again", {"--seed", "2"});
    EXPECT_THAT(result.out, HasSubstr("(replaces the run there)"));
    EXPECT_FALSE(contents(workplace() / "again" / "model.safetensors") == before);
}

// Without --data and with an empty home there is only shapes10; it must not pass for CIFAR-10.
TEST(Train, WithoutDataShapes10IsDrawn) {
    const CommandResult result = run_cairn({"train", "simple-cnn", "--limit", "8", "--epochs", "1", "--out", "drawn"});
    ASSERT_EQ(result.status, 0) << result.err;
    const std::string first = result.out.substr(0, result.out.find('\n'));
    EXPECT_THAT(first, HasSubstr("shapes10"));
    EXPECT_THAT(first, HasSubstr("not CIFAR-10"));
    EXPECT_THAT(first, HasSubstr("cairn data fetch cifar10"));
    EXPECT_EQ(json_file(workplace() / "drawn" / "config.json")["data_folder"], "");
}

// Catches a Ctrl-C that loses what was learned. The run would last for minutes; the end of the first epoch triggers the signal.
TEST(Train, AnInterruptSavesTheWeights) {
    for (const auto& [signal, status] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
        const std::string out = "interrupted" + std::to_string(signal);
        const CommandResult result = train_tiny(out, {"--epochs", "1000"}, {.signal_at = "Epoch ", .signal = signal});
        EXPECT_EQ(result.status, status) << result.err;
        EXPECT_THAT(result.out, HasSubstr("Interrupted in epoch "));
        EXPECT_EQ(json_file(workplace() / out / "metrics.json")["interrupted"], true);
        EXPECT_GT(std::filesystem::file_size(workplace() / out / "model.safetensors"), 670'000u);
        EXPECT_GE(count_lines_with(contents(workplace() / out / "history.csv"), "\n"), 2);
    }
}

}  // namespace
