// What the commands that train nothing are told by their options, and the numbers that they print, with mortal_cairn's models.
#include "cairn/ops/cases.h"
#include "cli/cli.h"
#include "cli/tiny_model.h"

#include <cmath>

namespace {

using namespace cairn::test;
using namespace cairn;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;

json json_of(const Words& words, int status = 0) {
    const CommandResult result = run_mortal(words);
    EXPECT_EQ(result.status, status) << testing::PrintToString(words) << result.err;
    return json::parse(result.out);
}

// By hand: dense 48*6 + 6, batch norm 4*6 of which half are statistics, dense_1 6*10 + 10; a multiplication and an addition for
// each weight of the two kernels.
TEST(Models, EveryFieldIsTheModelsOwn) {
    const json expected = {{{"name", "tiny"},
                            {"chapter", 1},
                            {"parameters", 388},
                            {"description", "for tests"},
                            {"epochs", 3},
                            {"batch_size", 8}},
                           {{"name", "wrong"},
                            {"chapter", 2},
                            {"parameters", 48 * 4 + 4 + 4 * 10 + 10},
                            {"description", "to be caught"},
                            {"epochs", 4},
                            {"batch_size", 16}}};
    EXPECT_EQ(json_of({"models", "--json"}), expected);
    EXPECT_EQ(run_mortal({"models"}).out,
              "model  chapter  parameters  description\n"
              "tiny         1         388  for tests\n"
              "wrong        2         246  to be caught\n");
}

TEST(Summary, EveryFieldIsTheModelsOwn) {
    const json summary = json_of({"summary", "tiny", "--json"});
    EXPECT_EQ(summary["model"], "tiny");
    EXPECT_EQ(summary["trainable_parameters"], 376);
    EXPECT_EQ(summary["non_trainable_parameters"], 12);
    EXPECT_EQ(summary["flops_per_image"], 2 * (48 * 6 + 6 * 10));
    ASSERT_EQ(summary["layers"].size(), 7u);
    EXPECT_EQ(summary["layers"][0]["inputs"], json::array());
    EXPECT_EQ(summary["layers"][4], json({{"name", "batch_normalization"},
                                          {"type", "BatchNormalization"},
                                          {"output_shape", {6}},
                                          {"parameters", 24},
                                          {"settings", {{"momentum", 0.99}, {"epsilon", 0.001}}},
                                          {"flops_per_image", 0},
                                          {"activation_bytes", 24},
                                          {"parameter_bytes", 96},
                                          {"inputs", {"dense"}}}));
    EXPECT_THAT(run_mortal({"summary", "tiny"}).out, HasSubstr("\nTotal params: 388 (1.52 KB)\n"));
}

// Catches times of another model, a batch size that is not taken, and a cost that a GPU is asked for.
TEST(Summary, CostIsMeasured) {
    const json summary = json_of({"summary", "tiny", "--cost", "--batch-size", "4", "--json", "--threads", "1"});
    EXPECT_EQ(summary["batch"], 4);
    EXPECT_EQ(summary["threads"], 1);
    EXPECT_GT(summary["multiply_add_flops_per_second"], 1e8);
    for (const json& layer : summary["layers"]) {
        if (layer["type"] != "Dense") continue;
        EXPECT_GT(layer["cost"]["forward_ms"], 0) << layer;
        EXPECT_GT(layer["cost"]["multiply_add_share"], 0) << layer;
        EXPECT_LT(layer["cost"]["multiply_add_share"], 1) << layer;
    }
    const CommandResult text = run_mortal({"summary", "tiny", "--cost"});
    EXPECT_THAT(text.out, ContainsRegex("\ndense \\(Dense\\) +576 +24.00 B +1.15 KB +[0-9.]+ +[0-9.]+ +[0-9]+ %\n"));
    EXPECT_THAT(text.out, HasSubstr("with a batch of 8 on cpu"));
    EXPECT_EQ(run_mortal({"summary", "tiny", "--batch-size", "4"}).status, 2);
}

// Catches a wrong gradient that passes, an exit status that does not say so, and a --all that leaves something out.
TEST(Gradcheck, AWrongGradientFailsIt) {
    std::vector<std::string> names = ops::op_names();
    names.insert(names.end(), {"tiny", "wrong"});
    const json all = json_of({"gradcheck", "--all", "--json"}, 1);
    ASSERT_EQ(all.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_EQ(all[i]["name"], names[i]);
        EXPECT_EQ(all[i]["passed"], names[i] != "wrong") << names[i];
        EXPECT_EQ(all[i]["error"] < all[i]["bound"], names[i] != "wrong") << names[i];
        EXPECT_EQ(all[i]["failures"].size(), names[i] == "wrong" ? 1u : 0u) << names[i];
    }
    std::size_t relu_cases = 0;
    for (const ops::OpCase& c : ops::op_cases()) relu_cases += c.op == "relu";
    EXPECT_EQ(all[static_cast<std::size_t>(std::ranges::find(names, "relu") - names.begin())]["cases"], relu_cases);
    const json errors = all.back()["failures"][0]["errors"];
    EXPECT_GT(errors["dense/kernel"], 0.4) << "half of the gradient is missing";
    EXPECT_LT(errors["dense_1/kernel"], 1e-5) << "after the wrong layer all is right";

    const json failure = all.back()["failures"][0];
    EXPECT_EQ(failure["advice"], "all is right behind wrong (Wrong): look there, at the gradient of its input");
    ASSERT_EQ(failure["wrong"].size(), 2u) << "only what is wrong: " << failure;
    EXPECT_EQ(failure["wrong"][0]["input"], "dense/kernel");
    EXPECT_NEAR(failure["wrong"][0]["numeric"], 2 * failure["wrong"][0]["backward"].get<double>(), 1e-6);

    const CommandResult text = run_mortal({"gradcheck", "wrong", "tiny"});
    EXPECT_THAT(
        text.out,
        ContainsRegex("\n +dense/kernel\\[[0-9]+, [0-9]\\]: backward\\(\\) says [-0-9.e]+, but the derivative is "
                      "[-0-9.e]+; [0-9]+ of 16 numbers compared are wrong: everywhere 0.5 times the "
                      "derivative \\(error "));
    EXPECT_THAT(text.out, Not(HasSubstr("dense_1/kernel")));
    EXPECT_THAT(text.out,
                HasSubstr("\n      all is right behind wrong (Wrong): look there, at the gradient of its input\n"));
    EXPECT_EQ(text.status, 1);
    EXPECT_THAT(text.out, ContainsRegex("\nwrong +1 +[0-9.]+e.[0-9]+ +1e-05 +[0-9]+  FAILED\n +all parameters: "));
    EXPECT_THAT(text.out, ContainsRegex("\ntiny +1 .*  ok\n"));
    EXPECT_THAT(text.out, HasSubstr("\n1 of 2 passed in "));
}

TEST(Gradcheck, SeedAndDeviceChooseTheNumbers) {
    const auto error = [](const Words& more) {
        Words words{"gradcheck", "matmul", "--json", "--threads", "1"};
        words.insert(words.end(), more.begin(), more.end());
        return json_of(words)[0]["error"].get<double>();
    };
    EXPECT_EQ(error({}), error({"--seed", "0"}));
    EXPECT_NE(error({}), error({"--seed", "1"}));
    EXPECT_NE(error({"--device", "cpu"}), error({"--device", "reference"})) << "the kernels round alike?";
}

// Every class has another number of images, and every channel another brightness. Catches columns of the other split, labels
// that are shifted, and channels that are swapped.
TEST(Data, InfoDescribesEachSplit) {
    data::Split split;
    for (auto* set : {&split.train, &split.test}) {
        const bool test = set == &split.test;
        set->classes = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
        for (std::int32_t label = 0; label < 10; ++label)
            for (int n = 0; n < (test ? 12 - label : 3 + label); ++n) {
                set->labels.push_back(label);
                for (int pixel = 0; pixel < 1024; ++pixel)  // half of them 0, so that the deviation is the mean
                    for (const int value : test ? std::array{100, 150, 204} : std::array{51, 102, 250})
                        set->images.push_back(static_cast<std::uint8_t>(pixel % 2 == 0 ? value : 0));
            }
    }
    data::write_cifar10_layout(split, workplace() / "counted");
    const std::string text = run_mortal({"data", "info", "counted"}).out;
    EXPECT_THAT(text, testing::StartsWith("images10 in counted: images (32, 32, 3), 10 classes\n"));
    for (int label = 0; label < 10; ++label) {
        const std::string name(1, static_cast<char>('a' + label));
        EXPECT_EQ(words_of(line_with(text, name + " ")),
                  (Words{name, std::to_string(3 + label), std::to_string(12 - label)}));
    }
    EXPECT_EQ(words_of(line_with(text, "all ")), (Words{"all", "75", "75"}));
    const std::pair<std::string, std::array<int, 2>> channels[] = {
        {"red", {51, 100}}, {"green", {102, 150}}, {"blue", {250, 204}}};
    for (const auto& [name, values] : channels) {
        Words row{name};
        for (const int value : values) row.insert(row.end(), 2, fmt::format("{:.4f}", value / 2.0 / 255));
        EXPECT_EQ(words_of(line_with(text, name + " ")), row);
    }
}

// Catches an option that a chapter's program does not hear of, and defaults that are not the notebook's.
TEST(Chapter, ItsProgramIsToldTheOptions) {
    const auto told = [](const Words& more) {
        Words words{"chapter", "1", "--data", tiny_data(), "--out", "told"};
        words.insert(words.end(), more.begin(), more.end());
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_FALSE(std::filesystem::exists(workplace() / "told")) << "nothing was drawn";
        return line_with(result.out, "images 3") + line_with(result.out, "images 9") +
               line_with(result.out, "images 1");
    };
    const std::string usual = "images 300 100, device cpu, seeds 0 0, epochs 20, batch size 64";
    EXPECT_EQ(told({"--device", "cpu"}), usual);
    EXPECT_EQ(told({"--device", "reference", "--epochs", "7", "--seed", "9", "--limit", "16"}),
              "images 16 16, device reference, seeds 9 9, epochs 7, batch size 64");
    EXPECT_EQ(told({"--device", "cpu", "--data", other_data()}),
              "images 90 70, device cpu, seeds 0 0, epochs 20, batch size 64");
    EXPECT_EQ(run_mortal({"chapter"}).out,
              "chapter  title                   to read\n"
              "      1  what a chapter is told  chapters/01-tiny/README.md\n\nTo run one: ./cairn chapter N\n");
}

// Catches options that bench does not use, a device measured twice under two names, and a split without --layers.
TEST(Bench, ItsOptionsChooseWhatIsMeasured) {
    const json list = json_of({"bench", "--models", "wrong,tiny", "--devices", "cpu", "--data", tiny_data(), "--limit",
                               "40", "--batch-size", "9", "--steps", "4", "--threads", "1", "--json"});
    ASSERT_EQ(list.size(), 2u);
    for (const json& r : list) {
        EXPECT_EQ(r["model"], &r == &list[0] ? "wrong" : "tiny");
        EXPECT_EQ(r["device"], "cpu");
        EXPECT_EQ(r["batch"], 9);
        EXPECT_EQ(r["steps"], 4);
        EXPECT_EQ(r["threads"], 1);
        EXPECT_THAT(r["description"].get<std::string>(), HasSubstr("1 thread,"));
        EXPECT_LE(r["fastest_step_ms"], r["step_ms"]);
    }
    EXPECT_EQ(list[1]["flops_per_step"], 9 * 2 * (2 * 48 * 6 + 3 * 6 * 10));
    EXPECT_THAT(run_mortal({"bench", "--models", "tiny", "--data", tiny_data(), "--limit", "16"}).err,
                HasSubstr("the data set holds 2 batches of this size"));
}

// A row's numbers belong together. Catches columns under each other's heads and times in other units.
TEST(Bench, TheTablesNumbersBelongTogether) {
    const CommandResult result = run_mortal({"bench", "--models", "tiny", "--devices", "reference,cpu", "--data",
                                             tiny_data(), "--batch-size", "75", "--steps", "2"});
    ASSERT_EQ(result.status, 0) << result.err;
    const std::string text = result.out;
    EXPECT_THAT(text, ContainsRegex("\nreference: plain loops"));
    const Words row = words_of(line_with(text, "tiny   reference"));
    ASSERT_GE(row.size(), 16u) << text;
    EXPECT_EQ(row[2], "75");
    const double step = std::stod(row[3]), images = std::stod(row[4]);
    EXPECT_NEAR(images * step, 75'000, 0.01 * 75'000);  // a step of more than 1 ms is told to one percent
    double phases = 0;
    for (std::size_t c = 5; c <= 9; ++c) phases += std::stod(row[c]);
    const Words all = words_of(line_with(text, "all  "));
    ASSERT_GE(all.size(), 8u);
    EXPECT_NEAR(phases, std::stod(all[6]), 0.05);  // six numbers rounded to 0.01
    for (std::size_t c = 1; c <= 5; ++c) EXPECT_EQ(all[c], row[c + 4]);
    EXPECT_EQ(all[7], "100");
}

}  // namespace
