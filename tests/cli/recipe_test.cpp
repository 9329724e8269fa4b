// The options of cairn train that say how: what does not go together, what a run starts from, and resuming with them. That
// each changes the training as it says is checked in train_options_test.cpp.
#include "cairn/io/safetensors.h"
#include "cli/cli.h"
#include "cli/tiny_model.h"

namespace {

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;
using testing::HasSubstr;

CommandResult train(const std::string& out, const Words& more) {
    Words words{"train",     "tiny",     "--data", tiny_data(),   "--limit", "40", "--device",
                "reference", "--epochs", "3",      "--no-report", "--out",   out};
    words.insert(words.end(), more.begin(), more.end());
    return run_mortal(words);
}

std::map<std::string, std::vector<float>> weights_in(const std::string& run) {
    std::map<std::string, std::vector<float>> weights;
    const fs::path file = workplace() / run / "model.safetensors";
    for (const auto& [name, tensor] : io::read_safetensors(file, backend(Device::reference()).allocator()).tensors)
        weights[name] = tensor.to_vector<float>();
    return weights;
}

// One line that names the option and why, exit status 2, and no folder.
TEST(Recipe, RefusesOptionsThatDoNotGoTogether) {
    const std::pair<Words, const char*> cases[] = {
        {{"--momentum", "0.9"}, "--momentum is of sgd and rmsprop, and adam takes none; leave it out"},
        {{"--nesterov"}, "--nesterov is of sgd, and the optimizer is adam; leave it out"},
        {{"--optimizer", "sgd", "--nesterov"},
         "--nesterov is a way to use --momentum, which is not given; leave it out"},
        {{"--power", "2"}, "--power is of the schedule polynomial, and it is constant; leave it out"},
        {{"--patience", "2", "--schedule", "cosine"},
         "--patience is of the schedule plateau, and it is cosine; leave it out"},
        {{"--warmup-epochs", "1", "--schedule", "one-cycle"},
         "--warmup-epochs does not go with the schedule one-cycle, which begins with a rise of its own; leave it out"},
        {{"--label-smoothing", "0.1", "--loss", "huber"},
         "--label-smoothing is of a cross-entropy, and the loss is huber; leave it out"},
        {{"--optimizer", "sgd", "--momentum", "1"}, "--momentum: must be a number from 0 to below 1, not '1'"},
        {{"--ema", "1.5"}, "--ema: must be a number from 0 to below 1, not '1.5'"},
        {{"--optimizer", "ftrl"},
         "--optimizer: must be sgd or adam or adamw or rmsprop or adagrad or lion, not 'ftrl'"},
        {{"--class-weights", "1,x"},
         "--class-weights: must be numbers from 0 to 1000000 with commas between them, not '1,x'"},
    };
    for (const auto& [words, message] : cases) {
        const CommandResult result = train("refused", words);
        EXPECT_EQ(result.status, 2) << message;
        EXPECT_THAT(result.err, HasSubstr(message));
        EXPECT_FALSE(fs::exists(workplace() / "refused")) << message;
    }
}

// What only the data or the model can tell is refused before the folder is made.
TEST(Recipe, RefusesWhatDoesNotFitTheModel) {
    const std::pair<Words, const char*> cases[] = {
        {{"--freeze", "conv"}, "no parameter's name begins with 'conv'; those that can be trained are dense/kernel"},
        {{"--freeze", "dense,batch_normalization"}, "all parameters are frozen"},
        {{"--class-weights", "1,2"}, "there are 2 weights of classes, but 10 classes"},
        {{"--weights", "nowhere.safetensors"}, "there is no nowhere.safetensors; --weights names"},
    };
    for (const auto& [words, message] : cases) {
        const CommandResult result = train("refused", words);
        EXPECT_EQ(result.status, 1) << message;
        EXPECT_THAT(result.err, HasSubstr(message));
        EXPECT_FALSE(fs::exists(workplace() / "refused")) << message;
    }
}

// Frozen layers keep the bits of the file; the others are trained on from it.
TEST(Recipe, StartsFromWeightsAndFreezes) {
    ASSERT_EQ(train("first", {"--seed", "1"}).status, 0);
    const CommandResult second =
        train("second", {"--seed", "2", "--weights", "first", "--freeze", "dense/"});  // the run's folder
    ASSERT_EQ(second.status, 0) << second.err;
    EXPECT_THAT(second.out, HasSubstr("\nfrozen  dense/kernel, dense/bias\n"));
    EXPECT_THAT(second.out, HasSubstr("\nweights " + (workplace() / "first").string() + "\n"));
    const auto first = weights_in("first"), found = weights_in("second");
    EXPECT_EQ(found.at("dense/kernel"), first.at("dense/kernel"));
    EXPECT_EQ(found.at("dense/bias"), first.at("dense/bias"));
    EXPECT_NE(found.at("dense_1/kernel"), first.at("dense_1/kernel"));
    ASSERT_EQ(train("alone", {"--seed", "2"}).status, 0);
    EXPECT_NE(found.at("dense_1/kernel"), weights_in("alone").at("dense_1/kernel"));
    EXPECT_EQ(json_file(workplace() / "second" / "config.json")["weights"], (workplace() / "first").string());

    // It goes on without the file that it started from.
    fs::rename(workplace() / "first", workplace() / "elsewhere");
    const CommandResult more = run_mortal({"train", "--resume", "second", "--epochs", "4", "--no-report"});
    EXPECT_EQ(more.status, 0) << more.err;
    EXPECT_EQ(weights_in("second").at("dense/kernel"), first.at("dense/kernel"));
}

// Catches a folder that is made, or claimed for writing, because weights are looked for in it.
TEST(Recipe, LookingForWeightsLeavesTheFolderAsItIs) {
    fs::create_directory(workplace() / "no-run");
    const CommandResult refused = train("from-no-run", {"--weights", "no-run"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, testing::ContainsRegex("cannot read .*no-run/model.safetensors: No such file"));
    EXPECT_TRUE(fs::is_empty(workplace() / "no-run"));
    cairn::write_file(workplace() / "no-run" / "notes.txt", "not of a run");
    EXPECT_THAT(train("from-no-run", {"--weights", "no-run"}).err, HasSubstr("No such file"));
}

// Catches a setting that --resume forgets: each of these runs, made longer, has the weights of the long run.
TEST(Recipe, ResumeGoesOnWithTheSameRecipe) {
    const Words recipes[] = {
        {"--optimizer", "sgd", "--momentum", "0.5", "--nesterov", "--weight-decay", "0.1", "--ema", "0.5"},
        {"--optimizer", "rmsprop", "--momentum", "0.5", "--clip-norm", "0.5"},
        {"--optimizer", "adagrad", "--loss", "huber"},
        {"--optimizer", "lion", "--label-smoothing", "0.1", "--schedule", "plateau", "--patience", "1"},
        {"--optimizer", "adamw", "--class-weights", "2,1,1,1,1,1,1,1,1,0", "--freeze", "dense/"},
    };
    for (std::size_t i = 0; i < std::size(recipes); ++i) {
        const std::string shown = testing::PrintToString(recipes[i]), out = "again" + std::to_string(i);
        Words longer = recipes[i];
        longer.insert(longer.end(), {"--epochs", "4"});
        const CommandResult at_once = run_mortal([&] {
            Words words{"train",    "tiny",      "--data",      tiny_data(), "--limit",    "40",
                        "--device", "reference", "--no-report", "--out",     out + "-long"};
            words.insert(words.end(), longer.begin(), longer.end());
            return words;
        }());
        ASSERT_EQ(at_once.status, 0) << shown << at_once.err;
        ASSERT_EQ(train(out, recipes[i]).status, 0) << shown;
        const CommandResult resumed = run_mortal({"train", "--resume", out, "--epochs", "4", "--no-report"});
        ASSERT_EQ(resumed.status, 0) << shown << resumed.err;
        EXPECT_TRUE(weights_in(out) == weights_in(out + "-long")) << shown;
    }
    EXPECT_THAT(run_mortal({"train", "--resume", "again0", "--momentum", "0.9"}).err,
                HasSubstr("cannot go on with --momentum 0.9 (it was begun with 0.5)"));
}

// A run that an earlier version began has none of these settings in its config.json.
TEST(Recipe, ARunOfAnEarlierVersionGoesOn) {
    ASSERT_EQ(train("earlier", {}).status, 0);
    ASSERT_EQ(train("later", {}).status, 0);
    nlohmann::json config = json_file(workplace() / "earlier" / "config.json");
    for (const char* name : {"power", "patience", "momentum", "nesterov", "weight_decay", "clip_norm", "ema", "loss",
                             "label_smoothing", "class_weights", "weights", "freeze"})
        EXPECT_EQ(config.erase(name), 1u) << name;
    write_file(workplace() / "earlier" / "config.json", config.dump());
    EXPECT_EQ(run_mortal({"train", "--resume", "earlier", "--epochs", "4", "--no-report"}).status, 0);
    EXPECT_EQ(run_mortal({"train", "--resume", "later", "--epochs", "4", "--no-report"}).status, 0);
    EXPECT_TRUE(weights_in("earlier") == weights_in("later"));
}

// Catches an algorithm that is written down but not used, or not used again after a resume: the algorithms round differently, so
// each has weights of its own.
TEST(TrainOptions, ConvolutionChoosesTheAlgorithm) {
    const auto train = [](const std::string& algorithm, const std::string& epochs, const std::string& out) {
        const CommandResult result =
            run_cairn({"train", "simple-cnn", "--data", tiny_data(), "--limit", "40", "--device", "cpu", "--threads",
                       "1", "--no-report", "--convolution", algorithm, "--epochs", epochs, "--out", out});
        EXPECT_EQ(result.status, 0) << result.err;
        return contents(workplace() / out / "model.safetensors");
    };
    const std::string im2col = train("im2col", "2", "by-im2col"), direct = train("direct", "2", "by-direct");
    const std::string winograd = train("winograd", "2", "by-winograd"), automatic = train("auto", "2", "by-auto");
    EXPECT_FALSE(im2col == direct);
    EXPECT_FALSE(im2col == winograd);
    EXPECT_FALSE(direct == winograd);
    EXPECT_FALSE(automatic == im2col);
    EXPECT_EQ(json_file(workplace() / "by-im2col" / "config.json")["convolution"], "im2col");

    train("im2col", "1", "goes-on");
    EXPECT_THAT(run_cairn({"train", "--resume", "goes-on", "--epochs", "2", "--convolution", "direct"}).err,
                HasSubstr("cannot go on with --convolution direct (it was begun with im2col)"));
    EXPECT_EQ(run_cairn({"train", "--resume", "goes-on", "--epochs", "2", "--no-report"}).status, 0);
    EXPECT_TRUE(contents(workplace() / "goes-on" / "model.safetensors") == im2col);

    const CommandResult elsewhere =
        run_cairn({"train", "simple-cnn", "--device", "reference", "--convolution", "direct"});
    EXPECT_EQ(elsewhere.status, 2);
    EXPECT_EQ(elsewhere.out, "");
    EXPECT_THAT(elsewhere.err, HasSubstr("--convolution direct is for the cpu, but the device is reference"));
}

}  // namespace
