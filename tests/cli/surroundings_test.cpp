// The program in bad company: outputs that are closed or full, signals, little memory, drivers and steps that hang.
#include "cli/cli.h"

#include "support/http_server.h"

namespace {

using namespace cairn::test;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A line of shell in which "$0" is cairn.
CommandResult run_shell(const std::string& line) {
    return run_command({"/bin/bash", "-c", line, CAIRN_BINARY}, {.folder = workplace().path()});
}

std::string training(const std::string& out) {
    return "\"$0\" train simple-cnn --data '" + tiny_data() + "' --limit 64 --epochs 2 --no-report --out " + out;
}

// Catches a training that ends, or aborts, because nobody reads what it prints.
TEST(Surroundings, ATrainingOutlivesItsOutputs) {
    const struct {
        std::string where;
        int status;
        std::string said;
    } cases[] = {
        {"2>&-", 0, ""},
        {"2>/dev/full", 0, ""},
        {">&-", 1, "cairn: cannot write to standard output: Bad file descriptor; the work went on without it\n"},
        {">/dev/full", 1,
         "cairn: cannot write to standard output: No space left on device; the work went on without it\n"},
        {"| true", 1, "cairn: cannot write to standard output: Broken pipe; the work went on without it\n"},
        {">&- 2>&- <&-", 1, ""},
    };
    int number = 0;
    for (const auto& [where, status, said] : cases) {
        const std::string out = "outlives" + std::to_string(++number);
        const CommandResult result = run_shell("set -o pipefail; (sleep 0.3; " + training(out) + ") " + where);
        EXPECT_EQ(result.status, status) << where << result.err;
        EXPECT_EQ(result.err, said) << where;
        EXPECT_TRUE(std::filesystem::exists(workplace() / out / "metrics.json")) << where;
        EXPECT_EQ(contents(workplace() / out / "config.json")[0], '{') << where << " a message was written into it";
        EXPECT_THAT(contents(workplace() / out / "history.csv"), HasSubstr("\n2,")) << where << " an epoch is missing";
    }
}

// Catches a chapter that ends after its first line, or after an hour, because nobody reads what it prints.
TEST(Surroundings, AChapterOutlivesItsOutputs) {
    int number = 0;
    for (const char* where : {">&-", ">/dev/full", "| true"}) {
        const std::string out = "chapter-outlives" + std::to_string(++number);
        const CommandResult result = run_shell("set -o pipefail; (sleep 0.3; \"$0\" chapter 8 --data '" + tiny_data() +
                                               "' --limit 40 --epochs 1 --out " + out + ") " + where);
        EXPECT_EQ(result.status, 1) << where << result.err;
        EXPECT_THAT(result.err, testing::EndsWith("; the work went on without it\n")) << where;
        EXPECT_TRUE(std::filesystem::exists(workplace() / out / "figures/confusion.csv"))
            << where << ": its last figure";
    }
}

// Where nobody reads there is nothing to say; a disk that is full is another thing.
TEST(Surroundings, OtherCommandsEndWhereNobodyReads) {
    const CommandResult pipe = run_shell("set -o pipefail; (sleep 0.3; \"$0\" models) | true");
    EXPECT_EQ(pipe.status, 128 + SIGPIPE);
    EXPECT_EQ(pipe.err, "");
    for (const char* where : {"2>&-", "2>/dev/full"}) {
        EXPECT_EQ(run_shell(std::string("\"$0\" modles ") + where).status, 2) << where;
        EXPECT_EQ(run_shell(std::string("\"$0\" summary modles ") + where).status, 1) << where;
        EXPECT_EQ(run_shell(std::string("\"$0\" models ") + where).status, 0) << where;
    }
}

// Catches a training that a signal of no concern to it ends. The limit on files, whose signal is SIGXFSZ, is in failures_test.
TEST(Surroundings, ATrainingOutlivesSigpipe) {
    const CommandResult result =
        train_tiny("sigpipe", {"--epochs", "3", "--no-report"}, {.signal_at = "Epoch ", .signal = SIGPIPE});
    EXPECT_EQ(result.status, 0) << result.err;
}

// A library that tries something again without end looks like this. Catches a program that only kill -9 ends.
TEST(Surroundings, AStepThatNeverEndsIsEnded) {
    for (const int signal : {SIGTERM, SIGHUP}) {
        const CommandResult result =
            run_mortal({"train", "endless", "--data", tiny_data(), "--out", "endless" + std::to_string(signal)},
                       {.environment = {{"MORTAL_ENDLESS", "1"}}, .signal_at = "the step has begun", .signal = signal});
        EXPECT_EQ(result.signal, signal);
        EXPECT_THAT(result.err, HasSubstr("cairn: the running step does not end, so the program does\n"));
    }
}

// Catches OpenBLAS's endless search for memory, and threads that nobody uses: each takes 128 MB of addresses.
TEST(Surroundings, LittleMemoryIsSaid) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the sanitizer needs terabytes of addresses";
#endif
    const auto limited = [](int megabytes, const Words& words) {
        Words all{"timeout",   "-s", "KILL", "60", "prlimit", fmt::format("--as={}", 1'000'000l * megabytes),
                  CAIRN_BINARY};
        all.insert(all.end(), words.begin(), words.end());
        return run_command(all, {.folder = workplace().path()});
    };
    EXPECT_EQ(limited(120, {"models"}).status, 0);
    for (const int megabytes : {120, 200, 300, 450, 700, 1200}) {
        const CommandResult result =
            limited(megabytes, {"train", "simple-cnn", "--data", tiny_data(), "--limit", "64", "--epochs", "1",
                                "--threads", "2", "--no-report", "--out", fmt::format("memory{}", megabytes)});
        EXPECT_THAT(result.status, AnyOf(0, 1)) << megabytes << result.err;
        EXPECT_TRUE(result.status == 0 || result.err.find("out of memory") != std::string::npos) << megabytes;
        EXPECT_THAT(result.err, Not(HasSubstr("bug"))) << megabytes;
    }
    const CommandResult many = limited(1000, {"train", "simple-cnn", "--data", tiny_data(), "--epochs", "1",
                                              "--threads", "400", "--no-report", "--out", "memory-many"});
    EXPECT_EQ(many.status, 1);
    EXPECT_THAT(many.err, HasSubstr("give fewer threads (--threads N)"));
}

// Catches an exception that nobody catches, and a message for which there is no memory either. No single point is left out at the
// start; later ones are sampled.
TEST(Surroundings, NoMemoryForTheOptionsIsSaid) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the address sanitizer has an allocator of its own";
#endif
    int failures = 0;
    for (int n = 1;; n += 1 + n / 8) {
        const CommandResult result = run_mortal({"models"}, {.environment = {{"MORTAL_NEW", std::to_string(n)}}});
        if (result.status == 0) break;
        ++failures;
        ASSERT_EQ(result.status, 1) << n << ": " << result.err;
        ASSERT_EQ(result.err, "cairn: out of memory; a smaller --batch-size or --limit needs less\n") << n;
    }
    EXPECT_GT(failures, 20);
}

#ifdef HOSTILE_DRIVER
// Catches a training on the processor that a GPU's driver ends, and a list of devices that does; and a command that ends without
// a word where that GPU is asked for.
TEST(Surroundings, ADriverThatCrashesDoesNoHarm) {
    cairn::write_file(
        workplace() / "hostile.json",
        fmt::format(R"({{"file_format_version": "1.0.0", "ICD": {{"library_path": "{}", "api_version": "1.2.0"}}}})",
                    HOSTILE_DRIVER));
    const std::string manifest = (workplace() / "hostile.json").string();
    const CommandOptions options{.environment = {{"VK_ICD_FILENAMES", manifest}, {"VK_DRIVER_FILES", manifest}}};
    const CommandResult devices = run_cairn({"devices"}, options);
    if (devices.out.find("libvulkan.so.1 is missing") != std::string::npos)
        GTEST_SKIP() << "NOT TESTED: no Vulkan loader";
    EXPECT_EQ(devices.status, 0) << devices.err;
    EXPECT_THAT(devices.out, HasSubstr("vulkan     none: a Vulkan driver "));
    const CommandResult trained = train_tiny("hostile", {"--no-report"}, options);
    EXPECT_EQ(trained.status, 0) << trained.err;
    EXPECT_THAT(trained.err, StartsWith("cairn: a Vulkan driver "));
    EXPECT_THAT(trained.err, HasSubstr("; the processor is taken, as with --device cpu\n"));
    EXPECT_EQ(train_tiny("harmless", {"--no-report", "--device", "cpu"}, options).err, "");
    for (const Words& words :
         {Words{"train", "simple-cnn", "--data", tiny_data(), "--device", "vulkan", "--out", "crashed"},
          Words{"evaluate", "--data", tiny_data(), "--device", "vulkan"},
          Words{"bench", "--models", "simple-cnn", "--data", tiny_data(), "--devices", "cpu,vulkan"},
          Words{"diverge", "simple-cnn", "--data", tiny_data(), "--left", "cpu", "--right", "vulkan"}}) {
        const CommandResult asked = run_cairn(words, options);
        EXPECT_EQ(asked.status, 1) << words[0];
        EXPECT_THAT(asked.err, StartsWith("cairn: a Vulkan driver ")) << words[0];
        EXPECT_THAT(asked.err, HasSubstr("compute on the processor: --device cpu\n")) << words[0];
    }
    EXPECT_FALSE(std::filesystem::exists(workplace() / "crashed"));
}
#endif

// Catches a download that goes on, or leaves its beginning, when it is broken off.
TEST(Surroundings, AFetchThatIsInterruptedLeavesNothing) {
    if (!cairn::run_program({"curl", "--version"})) GTEST_SKIP() << "NOT TESTED: curl is not installed";
    std::filesystem::create_directories(workplace() / "slow");
    cairn::write_file(workplace() / "slow" / "cifar-10-binary.tar.gz", "the beginning");
    const HttpServer server(workplace() / "slow", true);
    for (const auto& [signal, status] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
        const CommandResult result = run_cairn({"data", "fetch", "cifar10", "broken-off", "--from", server.address()},
                                               {.signal_at = "cifar-10 from", .signal = signal});
        EXPECT_EQ(result.status, status) << result.err;
        EXPECT_EQ(result.err, "cairn: interrupted; nothing of cifar-10 was kept\n");
        EXPECT_TRUE(std::filesystem::is_empty(workplace() / "broken-off"));
    }
}

// Catches control characters of a name that reach the terminal: this one would clear it.
TEST(Surroundings, NamesDoNotCommandTheTerminal) {
    const CommandResult result = run_cairn({"predict", "no\033[2Jpicture.png"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("no\\x1b[2Jpicture.png"));
    EXPECT_THAT(result.err, Not(HasSubstr("\033")));
}

}  // namespace
