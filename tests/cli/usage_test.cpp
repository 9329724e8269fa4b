// How the command line is read: what is refused with status 2, what --help and --version say.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
using testing::HasSubstr;
using testing::StartsWith;

struct Misuse {
    Words words;
    std::string said;
};

// Catches a wrong value that is taken for another one (0 epochs that train nothing, -1 that wraps around, 010 read as octal),
// and a message that does not say where to look.
TEST(Usage, WrongUsageIsOneMessageAndStatus2) {
    const Misuse misuses[] = {
        {{}, "give a command: models, summary, train"},
        {{"trian", "simple-cnn", "--epochs", "1"}, "unknown command 'trian'; did you mean train?"},
        {{"xyzzy"}, "unknown command 'xyzzy'"},
        {{"train"}, "MODEL is required"},
        {{"train", "simple-cnn", "--epoch", "3"}, "unknown option '--epoch'; did you mean --epochs?"},
        {{"train", "--epoch=3"}, "unknown option '--epoch"},
        {{"train", "simple-cnn", "mlp-l2"}, "'mlp-l2' was not expected"},
        {{"train", "simple-cnn", "--epochs", "0"}, "--epochs: must be a whole number from 1"},
        {{"train", "simple-cnn", "--epochs", "-1"}, "--epochs: must be a whole number from 1"},
        {{"train", "simple-cnn", "--epochs", "many"}, "not 'many'"},
        {{"train", "simple-cnn", "--epochs", "99999999999999999999"}, "not '99999999999999999999'"},
        {{"train", "simple-cnn", "--epochs"}, "--epochs"},
        {{"train", "simple-cnn", "--batch-size", "0"}, "--batch-size: must be a whole number from 1"},
        {{"train", "simple-cnn", "--limit", "0"}, "--limit: must be a whole number from 1"},
        {{"train", "simple-cnn", "--learning-rate", "0"},
         "--learning-rate: must be a number from 1e-30 to 1000000, not"},
        {{"train", "simple-cnn", "--learning-rate", "-0.1"},
         "--learning-rate: must be a number from 1e-30 to 1000000, not"},
        {{"train", "simple-cnn", "--learning-rate", "nan"},
         "--learning-rate: must be a number from 1e-30 to 1000000, not"},
        {{"train", "simple-cnn", "--learning-rate", "fast"}, "not 'fast'"},
        {{"train", "simple-cnn", "--seed", "-1"}, "--seed: must be a whole number from 0 to 18446744073709551615, not"},
        {{"train", "simple-cnn", "--threads", "0"}, "--threads: must be a whole number from 1"},
        {{"train", "simple-cnn", "--device", "gpu"}, "unknown device 'gpu'"},
        {{"--device", "gpu", "models"}, "unknown device 'gpu'"},
        {{"new", "3d"}, "'3d' does not name a program"},
        {{"new", "all"}, "'all' has a meaning in the build already"},
        {{"evaluate", "mlp-l2"}, "--weights is required: no weights come with mlp-l2"},
        {{"evaluate", "simple-cnn", "--weights", "w", "--split", "validation"}, "--split"},
        {{"predict", "simple-cnn", "--weights", "w"}, "a picture, or --logits, is required"},
        {{"predict", "simple-cnn", "--weights", "w", "a.png", "--logits", "b.safetensors"}, "--logits"},
        {{"predict", "simple-cnn", "--weights", "w", "--logits", "b.npy"},
         "--logits: must end in .safetensors, not 'b.npy'"},
        {{"grads", "simple-cnn", "--weights", "w"}, "--out is required"},
        {{"data"}, "give a command: make-shapes10, fetch, import, info"},
        {{"data", "mak-shapes10", "x"}, "unknown command 'mak-shapes10'; did you mean make-shapes10?"},
        {{"data", "import"}, "FOLDER is required"},
        {{"report"}, "RUN is required"},
        {{"gradcheck", "add", "--data", "pets"}, "--data is for models, and only ops are checked"},
        {{"summary", "simple-cnn", "--image-size", "8x8"}, "these options are for a data set; name it: --data DIR"},
        {{"gradcheck", "add", "--all"}, "--all"},
    };
    for (const Misuse& misuse : misuses) {
        const CommandResult result = run_cairn(misuse.words);
        const std::string shown = "cairn " + testing::PrintToString(misuse.words);
        EXPECT_EQ(result.status, 2) << shown;
        EXPECT_EQ(result.out, "") << shown;
        EXPECT_THAT(result.err, StartsWith("cairn: ")) << shown;
        EXPECT_THAT(result.err, HasSubstr(misuse.said)) << shown;
        EXPECT_THAT(result.err, HasSubstr("\n       See: ./cairn ")) << shown;
    }
}

// Catches a command without help, and help that does not say what is written.
TEST(Usage, EveryCommandHasHelp) {
    const std::map<std::string, std::string> commands = {{"models", "Writes no files"},
                                                         {"summary", "Writes no files"},
                                                         {"train", "model.safetensors"},
                                                         {"evaluate", "Writes no files"},
                                                         {"predict", "OUT.safetensors"},
                                                         {"report", "RUN/report.html"},
                                                         {"inspect", "report.html and figures/"},
                                                         {"gradcheck", "Writes no files"},
                                                         {"grads", "OUT.safetensors"},
                                                         {"bench", "Writes no files"},
                                                         {"data make-shapes10", "batches.meta.txt"},
                                                         {"data fetch", "network"},
                                                         {"data import", "dataset.safetensors"},
                                                         {"data info", "Writes no files"},
                                                         {"devices", "Writes no files"}};
    const std::string overview = run_cairn({"--help"}).out;
    for (const auto& [command, writes] : commands) {
        Words words{command, "--help"};
        if (const auto space = command.find(' '); space != std::string::npos)
            words = {command.substr(0, space), command.substr(space + 1), "--help"};
        else EXPECT_THAT(overview, HasSubstr("\n  " + command + " ")) << "cairn --help does not list it";
        const CommandResult result = run_cairn(words);
        EXPECT_EQ(result.status, 0) << command;
        EXPECT_EQ(result.err, "") << command;
        EXPECT_THAT(result.out, HasSubstr("Usage: cairn " + command)) << command;
        EXPECT_THAT(result.out, HasSubstr(writes)) << command;
        for (const char* common : {"--threads", "--device", "--seed"})
            EXPECT_THAT(result.out, HasSubstr(common)) << command;
    }
}

TEST(Usage, VersionNamesTheBuild) {
    const CommandResult result = run_cairn({"--version"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, StartsWith("cairn 0."));
}

// Catches an option that is only known in one of the two places.
TEST(Usage, CommonOptionsStandBeforeOrAfterTheCommand) {
    const std::string before = run_cairn({"--seed", "7", "--device", "reference", "gradcheck", "relu"}).out;
    const std::string after = run_cairn({"gradcheck", "relu", "--seed", "7", "--device", "reference"}).out;
    EXPECT_THAT(before, StartsWith("Gradients on reference, float64, seed 7:"));
    EXPECT_THAT(after, StartsWith("Gradients on reference, float64, seed 7:"));
}

// Catches an option of a script that cannot be changed at its end.
TEST(Usage, OfAnOptionGivenTwiceTheLastCounts) {
    EXPECT_THAT(run_cairn({"gradcheck", "relu", "--seed", "1", "--seed", "2"}).out, HasSubstr("seed 2:"));
    EXPECT_THAT(run_cairn({"gradcheck", "relu", "--seed", "010"}).out, HasSubstr("seed 10:")) << "read as octal";
}

}  // namespace
