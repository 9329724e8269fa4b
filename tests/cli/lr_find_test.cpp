// cairn lr-find.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

Words search(const std::string& model, const Words& more = {}) {
    Words words{"lr-find", model, "--data", tiny_data(), "--limit", "40", "--batch-size", "8", "--steps", "12"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

// Catches a table without its lowest line, a number that is not a tenth of that rate, and steps that are lost or added.
TEST(LrFind, PrintsTheCurveAndANumber) {
    const CommandResult result = run_cairn(search("simple-cnn", {"--json"}));
    ASSERT_EQ(result.status, 0) << result.err;
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json["model"], "simple-cnn");
    EXPECT_EQ(json["optimizer"], "adam");
    EXPECT_EQ(json["batch_size"], 8);
    ASSERT_LE(json["steps"].size(), 12u);
    EXPECT_DOUBLE_EQ(json["steps"][0]["rate"], 1e-5);
    EXPECT_NEAR(json["suggested"].get<double>() * 10 / json["lowest_loss_at"].get<double>(), 1, 1e-9);

    const CommandResult text = run_cairn(search("simple-cnn"));
    ASSERT_EQ(text.status, 0) << text.err;
    EXPECT_THAT(text.out, StartsWith("Data: "));
    EXPECT_THAT(text.out, HasSubstr("12 steps from 1e-05 to 1, batch size 8, adam\n"));
    EXPECT_THAT(line_with(text.out, "suggested"), HasSubstr(fmt::format("{:.1e}", json["suggested"].get<double>())));
    const std::string lowest = text.out.substr(0, text.out.find("  lowest\n"));
    EXPECT_THAT(words_of(lowest.substr(lowest.rfind('\n'))).at(0),
                fmt::format("{:.2e}", json["lowest_loss_at"].get<double>()));
}

// Catches a model that cannot be searched: with batch norm, dropout, penalties, skips.
TEST(LrFind, WorksForEveryModel) {
    const CommandResult models = run_cairn({"models"});
    std::istringstream lines(models.out);
    int tried = 0;
    for (std::string line; std::getline(lines, line);) {
        const Words words = words_of(line);
        if (words.size() < 3 || words[0] == "model" || run_cairn({"summary", words[0]}).status != 0) continue;
        const CommandResult result = run_cairn(
            {"lr-find", words[0], "--data", tiny_data(), "--limit", "8", "--batch-size", "4", "--steps", "3"});
        EXPECT_EQ(result.status, 0) << words[0] << ": " << result.err;
        EXPECT_THAT(result.out, HasSubstr("suggested  --learning-rate ")) << words[0];
        ++tried;
    }
    EXPECT_GE(tried, 9);
}

// Catches an optimizer, a range, a loss or weights that are read and not used, and a figure without its data.
TEST(LrFind, TakesTheRecipeAndLeavesItsFigure) {
    const auto json_with = [](const Words& more) {
        Words words = search("mlp-l2", {"--json"});
        words.insert(words.end(), more.begin(), more.end());
        const CommandResult result = run_cairn(words);
        EXPECT_EQ(result.status, 0) << result.err;
        return Json::parse(result.out);
    };
    const Json usual = json_with({"--out", "rates"});
    const std::string csv = contents(workplace() / "rates" / "learning-rate.csv");
    EXPECT_THAT(csv, StartsWith("rate,loss,smoothed\n1e-05,"));
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), usual["steps"].size() + 1);
    EXPECT_TRUE(std::filesystem::exists(workplace() / "rates" / "learning-rate.gnuplot"));
    const Json sgd = json_with({"--optimizer", "sgd", "--momentum", "0.9", "--lowest", "1e-3", "--highest", "10"});
    EXPECT_EQ(sgd["optimizer"], "sgd");
    EXPECT_DOUBLE_EQ(sgd["steps"][0]["rate"], 1e-3);
    for (const Words& more : {Words{"--seed", "1"}, Words{"--loss", "mean_squared_error"}, Words{"--augment"}})
        EXPECT_NE(json_with(more)["steps"], usual["steps"]) << more[0];
    EXPECT_EQ(json_with({})["steps"], usual["steps"]);
}

// Catches options that would be read and not mean anything, and a range that is empty.
TEST(LrFind, RefusesWhatIsOfAWholeTraining) {
    const std::pair<Words, const char*> refused[] = {
        {{"--learning-rate", "0.1"}, "--learning-rate is of a whole training"},
        {{"--schedule", "cosine"}, "--schedule is of a whole training"},
        {{"--lowest", "1", "--highest", "0.1"}, "--lowest 1 must be below --highest 0.1"},
        {{"--steps", "1"}, "must be a whole number from 2"},
        {{"--nesterov"}, "--nesterov"},
    };
    for (const auto& [more, message] : refused) {
        const CommandResult result = run_cairn(search("simple-cnn", more));
        EXPECT_EQ(result.status, 2) << more[0];
        EXPECT_THAT(result.err, HasSubstr(message));
    }
    EXPECT_EQ(run_cairn({"lr-find", "no-such-model", "--data", tiny_data()}).status, 1);
}

}  // namespace
