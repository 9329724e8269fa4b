// What the commands say beside CIFAR-10's own numbers, which they say of CIFAR-10 alone; it is known by its content.
#include "cli/cli.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace cairn::test;
using testing::HasSubstr;

class Cifar10 : public testing::Test {
protected:
    void SetUp() override {
        if (std::getenv("CIFAR10_DIR") == nullptr)
            GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    }

    static CommandResult run_here(const Words& words) {
        Words all = words;
        all.insert(all.end(), {"--data", std::filesystem::absolute(std::getenv("CIFAR10_DIR")), "--epochs", "1"});
        CommandResult result = run_cairn(all, {{}, {{"PATH", "/nowhere"}}});
        EXPECT_EQ(result.status, 0) << result.err;
        return result;
    }
};

// The notebook's numbers stand in datasets/notebook-runs.json. Catches another run's, and a comparison of what cannot be
// compared that is not called so.
TEST_F(Cifar10, AChapterShowsTheNotebooksNumbers) {
    const std::string text = run_here({"chapter", "7", "--limit", "40", "--out", "cifar7"}).out;
    EXPECT_EQ(words_of(line_with(text, "  notebook ")),
              (Words{"notebook", "0.6909", "0.6927", "0.6909", "0.6878", "0.9458"}));
    EXPECT_THAT(text, HasSubstr("The notebook's numbers are those of more images or other epochs; they cannot be"));
    const std::string curves = contents(workplace() / "cifar7" / "figures" / "accuracy.csv");
    EXPECT_TRUE(curves.starts_with("epoch,\"training, notebook\",\"validation, notebook\",training,validation\n"))
        << curves;
    EXPECT_EQ(std::count(curves.begin(), curves.end(), '\n'), 11) << "the notebook's ten epochs";
}

TEST_F(Cifar10, ReproduceJudgesTheRuns) {
    const std::string text = run_here({"reproduce", "mlp-l2", "--limit", "20", "--out", "cifar-all"}).out;
    const Words row = words_of(line_with(text, "mlp-l2 "));
    ASSERT_EQ(row.size(), 9u) << text;
    EXPECT_EQ((Words{row.begin() + 6, row.end()}), (Words{"0.3744", "other", "settings"}));
    EXPECT_THAT(contents(workplace() / "cifar-all" / "comparison.csv"), HasSubstr(",0.397,0.37442\n"));
    EXPECT_THAT(contents(workplace() / "cifar-all" / "report.html"), HasSubstr("other settings"));
}

}  // namespace
