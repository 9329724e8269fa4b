// What the commands say beside CIFAR-10's own numbers. The data set here has CIFAR-10's name and its 60,000 records, but noise
// for pictures: the numbers of the notebooks do not depend on it.
#include "cli/cli.h"

#include <algorithm>

namespace {

using namespace cairn::test;
using testing::HasSubstr;

// Six files of 10,000 records; the first bytes of each tell the records apart.
std::string noise_cifar10() {
    static const std::string folder = [] {
        std::filesystem::create_directory(workplace() / "noise");
        std::uint32_t noise = 1;
        for (const char* name : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                                 "data_batch_5.bin", "test_batch.bin"}) {
            std::string records(10'000 * 3073, '\0');
            for (std::size_t r = 0; r < 10'000; ++r) {
                records[3073 * r] = static_cast<char>(r % 10);
                for (std::size_t i = 1; i < 100; ++i) {
                    noise = 1'664'525 * noise + 1'013'904'223;
                    records[3073 * r + i] = static_cast<char>(noise >> 24);
                }
            }
            cairn::write_file(workplace() / "noise" / name, records);
        }
        cairn::write_file(workplace() / "noise" / "batches.meta.txt",
                          "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n");
        return (workplace() / "noise").string();
    }();
    return folder;
}

CommandResult run_here(const Words& words) {
    Words all = words;
    all.insert(all.end(), {"--data", noise_cifar10(), "--epochs", "1"});
    CommandResult result = run_cairn(all, {{}, {{"PATH", "/nowhere"}}});
    EXPECT_EQ(result.status, 0) << result.err;
    return result;
}

// The notebook's numbers stand in datasets/notebook-runs.json. Catches another run's, and a comparison of what cannot be
// compared that is not called so.
TEST(Cifar10, AChapterShowsTheNotebooksNumbers) {
    const std::string text = run_here({"chapter", "7", "--limit", "40", "--out", "noise7"}).out;
    EXPECT_EQ(words_of(line_with(text, "  notebook ")),
              (Words{"notebook", "0.6909", "0.6927", "0.6909", "0.6878", "0.9458"}));
    EXPECT_THAT(text, HasSubstr("The notebook's numbers are those of more images or other epochs; they cannot be"));
    const std::string curves = contents(workplace() / "noise7" / "figures" / "accuracy.csv");
    EXPECT_TRUE(curves.starts_with("epoch,\"training, notebook\",\"validation, notebook\",training,validation\n"))
        << curves;
    EXPECT_EQ(std::count(curves.begin(), curves.end(), '\n'), 11) << "the notebook's ten epochs";
}

TEST(Cifar10, ReproduceJudgesTheRuns) {
    const std::string text = run_here({"reproduce", "mlp-l2", "--limit", "20", "--out", "noise-all"}).out;
    const Words row = words_of(line_with(text, "mlp-l2 "));
    ASSERT_EQ(row.size(), 9u) << text;
    EXPECT_EQ((Words{row.begin() + 6, row.end()}), (Words{"0.3744", "other", "settings"}));
    EXPECT_THAT(contents(workplace() / "noise-all" / "comparison.csv"), HasSubstr(",0.397,0.37442\n"));
    EXPECT_THAT(contents(workplace() / "noise-all" / "report.html"), HasSubstr("other settings"));
}

}  // namespace
