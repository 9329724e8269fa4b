// cairn chapter: the programs of the chapters.
#include "cli/cli.h"

#include <algorithm>
#include <array>

namespace {

using namespace cairn::test;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Expected {
    int chapter = 0;
    Words figures, said;
};

const std::vector<Expected>& chapters() {
    static const std::vector<Expected> all = {
        {5,
         {"accuracy", "loss", "stacked-loss", "weights"},
         {"1,578,506", "is a cross-entropy of", "decay 0.1 (AdamW)"}},
        {6,
         {"accuracy", "loss", "statistics"},
         {"1,710,346", "Accuracy on the training images", "by the moving statistics", "where they began: 0.99^2."}},
        {7,
         {"accuracy", "loss", "filters", "feature-maps", "receptive-field", "ladder"},
         {"167,562", "Winograd", "a large product alone"}},
        {8,
         {"original-cnn-accuracy", "original-cnn-loss", "modified-cnn-accuracy", "modified-cnn-loss", "confusion",
          "losses", "wrong-answers"},
         {"364,426", "528,522", "train accuracy"}},
        {9, {"accuracy"}, {"364,426", "366,090", "Training and validation took"}},
        {10,
         {"accuracy", "loss", "augmented-accuracy", "augmented-loss", "comparison"},
         {"315,722", "not augmented", "\naugmented"}},
        {11,
         {"resnet-accuracy", "resnet-loss", "resnet-skip-accuracy", "resnet-skip-loss", "comparison"},
         {"437,674", "563,818"}},
        {12,
         {"mlp-bn-accuracy", "mlp-l2-loss", "simple-cnn-accuracy", "cnn-da-dropout-loss", "resnet-loss", "scores"},
         {"1,710,346", "1,578,506", "167,562", "315,722", "437,674"}},
    };
    return all;
}

CommandResult run_chapter(int chapter, const std::string& out, const CommandOptions& options = {},
                          const Words& more = {}) {
    Words words{"chapter", std::to_string(chapter), "--data", tiny_data(), "--limit", "40", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return run_cairn(words, options);
}

std::string csv(const std::string& out, const std::string& figure) {
    return contents(workplace() / out / "figures" / (figure + ".csv"));
}

// Catches a chapter that is not registered or not tested here, a program that ends with an error, trains another number
// of epochs than it was told to, forgets a model or a figure, or takes shapes10 for CIFAR-10 and compares it with the
// notebook.
TEST(Chapter, EveryChapterRunsAndLeavesItsFigures) {
    const CommandResult list = run_cairn({"chapter"});
    EXPECT_EQ(list.status, 0);
    EXPECT_EQ(static_cast<std::size_t>(std::count(list.out.begin(), list.out.end(), '\n')), chapters().size() + 7 + 3)
        << "a header, a chapter to a line (0 to 4, 13 and 14 are below), an empty line and a hint";
    // One chapter draws, where gnuplot is installed; the others show that it is not needed, and save its time.
    for (const auto& [chapter, figures, said] : chapters()) {
        const std::string out = "chapter" + std::to_string(chapter);
        CommandOptions options;
        if (chapter != 8) options.environment = {{"PATH", "/nowhere"}};
        const CommandResult result = run_chapter(chapter, out, options, {"--epochs", "1"});
        ASSERT_EQ(result.status, 0) << out << ": " << result.err;
        EXPECT_EQ(result.err, "") << out;
        EXPECT_THAT(result.out, StartsWith("Chapter " + std::to_string(chapter) + ": "));
        EXPECT_THAT(result.out, HasSubstr("These images are shapes10, not CIFAR-10.")) << out;
        EXPECT_THAT(result.out, Not(HasSubstr("notebook  "))) << out;
        EXPECT_THAT(result.out, HasSubstr("\nEpoch 1/1  ")) << out;
        EXPECT_THAT(result.out, HasSubstr("wrote   " + out + "/figures: ")) << out;
        for (const std::string& part : said) EXPECT_THAT(result.out, HasSubstr(part)) << out;
        for (const std::string& figure : figures) {
            EXPECT_GE(std::ranges::count(csv(out, figure), '\n'), 2) << out << ": " << figure << " has no data";
            EXPECT_TRUE(std::filesystem::exists(workplace() / out / "figures" / (figure + ".gnuplot"))) << figure;
        }
        const std::string page =
            "chapters/" + list.out.substr(list.out.find(fmt::format("chapters/{:02}-", chapter)) + 9);
        EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(CAIRN_SOURCE_DIR) / page.substr(0, page.find('\n'))))
            << "the list names a page of chapter " << chapter << " that is not there";
        const bool drawn = std::filesystem::exists(workplace() / out / "figures" / (figures[0] + ".svg"));
        EXPECT_EQ(drawn, result.out.find("gnuplot is not installed") == std::string::npos) << out;
    }
}

// Catches heatmaps in another order, or one model's matrix shown twice: each row of four matrices counts the 40 images.
TEST(Chapter, TheFourConfusionMatricesCountAllImages) {
    if (!std::filesystem::exists(workplace() / "chapter8")) {
        ASSERT_EQ(run_chapter(8, "chapter8", {}, {"--epochs", "1"}).status, 0);
    }
    std::istringstream lines(csv("chapter8", "confusion"));
    std::string header, line;
    std::getline(lines, header);
    std::map<int, int> images;
    while (std::getline(lines, line)) {
        int matrix = 0, actual = 0, predicted = 0, count = 0;
        ASSERT_EQ(std::sscanf(line.c_str(), "%d,%d,%d,%d", &matrix, &actual, &predicted, &count), 4) << line;
        images[matrix] += count;
    }
    EXPECT_EQ(images, (std::map<int, int>{{0, 40}, {1, 40}, {2, 40}, {3, 40}}));
    const std::string commands = contents(workplace() / "chapter8" / "figures" / "confusion.gnuplot");
    const std::size_t titles[] = {
        commands.find("'original-cnn, training data'"), commands.find("'original-cnn, validation data'"),
        commands.find("'modified-cnn, training data'"), commands.find("'modified-cnn, validation data'")};
    EXPECT_TRUE(std::ranges::is_sorted(titles));
    EXPECT_NE(titles[3], std::string::npos);
}

// The scores that the counts of a matrix give: accuracy, macro precision, recall and F1.
std::array<double, 4> scores_of(const std::vector<std::vector<int>>& counts) {
    std::array<double, 4> scores{};
    int images = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        int actual = 0, predicted = 0;
        for (std::size_t k = 0; k < counts.size(); ++k) actual += counts[c][k], predicted += counts[k][c];
        images += actual;
        scores[0] += counts[c][c];
        scores[1] += predicted == 0 ? 0 : counts[c][c] / (10.0 * predicted);
        scores[2] += actual == 0 ? 0 : counts[c][c] / (10.0 * actual);
        scores[3] += actual + predicted == 0 ? 0 : 2 * counts[c][c] / (10.0 * (actual + predicted));
    }
    scores[0] /= images;
    return scores;
}

// Chapter 8 prints the scores of two models, and draws their matrices (0: training images, 1: test images) and curves. On all
// images they have learned something, and the classes are not equally many in what they predict. Catches a score under
// another's head or of the other model, those of the training images for the test's, and a loss that is not the last one.
TEST(Chapter, ThePrintedScoresAreThoseOfTheMatrices) {
    const CommandResult result = run_cairn({"chapter", "8", "--data", tiny_data(), "--epochs", "5", "--out", "scores8"},
                                           {{}, {{"PATH", "/nowhere"}}});
    ASSERT_EQ(result.status, 0) << result.err;
    std::vector<std::vector<std::vector<int>>> matrices(4, std::vector<std::vector<int>>(10, std::vector<int>(10)));
    std::istringstream lines(csv("scores8", "confusion"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        unsigned matrix = 0, actual = 0, predicted = 0;
        int count = 0;
        ASSERT_EQ(std::sscanf(line.c_str(), "%u,%u,%u,%d", &matrix, &actual, &predicted, &count), 4) << line;
        matrices.at(matrix).at(actual).at(predicted) = count;
    }
    const std::string table = result.out.substr(result.out.find("train accuracy"));
    EXPECT_EQ(table.substr(0, table.find('\n')), "train accuracy  test accuracy  precision  recall      F1  test loss");
    for (const std::size_t m : {0u, 1u}) {
        const std::string name = m == 0 ? "original-cnn" : "modified-cnn";
        const std::array<double, 4> train = scores_of(matrices[2 * m]), test = scores_of(matrices[2 * m + 1]);
        EXPECT_NE(test[1], test[2]) << "precision and recall must differ to be told apart";
        const Words row = words_of(line_with(table, name + " "));
        ASSERT_EQ(row.size(), 7u) << table;
        const double expected[] = {train[0], test[0], test[1], test[2], test[3]};
        for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(row[i + 1], fmt::format("{:.4f}", expected[i])) << name << i;
        // The last epoch's validation is of the same weights and images.
        const std::string loss = csv("scores8", name + "-loss");
        EXPECT_TRUE(loss.starts_with("epoch,training,validation\n"));
        const double last = std::stod(loss.substr(loss.find_last_of(',') + 1));
        EXPECT_NEAR(std::stod(row[6]), last, 0.00006 + 1e-5) << name;  // both are rounded
    }
}

// A chapter's numbers stand beside the notebook's, of 50,000 images and so many epochs. Catches one that was trained on
// fewer images, for other epochs, or on images that the notebook never saw, and does not say so.
TEST(Chapter, SaysWhenItsNumbersCannotBeCompared) {
    const char* const folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    const char* sentence = "they cannot be compared with these.\n";
    for (const char* epochs : {"0", "1"}) {
        Words words{"chapter", "7", "--data", std::filesystem::absolute(folder), "--limit", "16", "--out", "compared"};
        if (epochs[0] != '0') words.insert(words.end(), {"--epochs", epochs});
        const CommandResult result = run_cairn(words, {{}, {{"PATH", "/nowhere"}}});
        ASSERT_EQ(result.status, 0) << result.err;
        EXPECT_THAT(result.out, HasSubstr(sentence)) << epochs;
    }
}

// Catches a --seed that is not used, and anything in a chapter that depends on more than the seed.
TEST(Chapter, TheSeedDecidesTheFigures) {
    const auto loss = [](const std::string& out, const char* seed) {
        EXPECT_EQ(run_chapter(7, out, {{}, {{"PATH", "/nowhere"}}}, {"--epochs", "2", "--seed", seed}).status, 0);
        return csv(out, "loss");
    };
    const std::string first = loss("seed5", "5");
    EXPECT_EQ(std::ranges::count(first, '\n'), 3) << "a header and two epochs";
    EXPECT_EQ(loss("seed5b", "5"), first);
    EXPECT_NE(loss("seed6", "6"), first);
}

// The chapters without images; two of them show what the solution computes. Catches one that asks for data, or leaves no
// figure.
TEST(Chapter, ThoseWithoutTrainingLeaveTheirFigure) {
    const std::filesystem::path sources = std::filesystem::path(CAIRN_SOURCE_DIR) / "chapters";
    for (const auto& [number, figure, solution] :
         {std::tuple{"0", "map", ""}, std::tuple{"1", "boundary", "01-scalars/solution.cpp"},
          std::tuple{"2", "error-against-h", ""}, std::tuple{"3", "gflops", "03-matrix-product/solution.cpp"},
          std::tuple{"13", "step-time", ""}, std::tuple{"14", "accuracy-against-time", ""}}) {
        if (!std::filesystem::exists(sources / solution)) continue;  // a handout
#if defined(__SANITIZE_ADDRESS__)
        // An exercise is not linked to a library with a sanitizer; Mesa's driver leaks at its end.
        if (*solution != 0 || std::string(number) == "13") continue;
#endif
        const std::string out = std::string("untrained") + number;
        Words words{"chapter", number, "--out", out, "--limit", "40"};
        if (*solution != 0) words.insert(words.end(), {"--exercise", (sources / solution).string()});
        const CommandResult result = run_cairn(words);
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_TRUE(std::filesystem::exists(workplace() / out / "figures" / (std::string(figure) + ".csv"))) << figure;
    }
}

// An exercise that is not written yet is no mistake. Catches a program that ends with an error, or says nothing.
TEST(Chapter, SaysThatAnExerciseIsNotWritten) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "an exercise is not linked to a library with a sanitizer";
#endif
    cairn::write_file(
        workplace() / "unwritten.cpp",
        "#include \"chapters/01-scalars/exercise.h\"\nnamespace exercise {\n"
        "Value operator+(const Value&, const Value&) { not_written_yet(); }\n"
        "Value operator*(const Value&, const Value&) { not_written_yet(); }\n"
        "std::vector<Node*> ordered(const Value&) { not_written_yet(); }\n"
        "void backward(const Value&) { not_written_yet(); }\n"
        "Value score(const std::vector<Value>&, double, double) { not_written_yet(); }\n"
        "std::vector<double> fit_boundary(const std::vector<Point>&, std::vector<double>, double, int) {\n"
        "not_written_yet(); }\n}\n");
    const CommandResult result = run_cairn({"chapter", "1", "--exercise", "unwritten.cpp", "--out", "unwritten"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("is not written yet (line "));
    EXPECT_FALSE(std::filesystem::exists(workplace() / "unwritten")) << "an empty folder was left behind";
    EXPECT_EQ(run_cairn({"chapter", "1", "--exercise", "/nowhere.cpp"}).status, 1);
}

// Catches a check before the training that is left out, twenty images that are not learned, and a figure without its data.
TEST(Chapter, TheTrainingLoopChecksBeforeItTrains) {
    const CommandResult result = run_chapter(4, "chapter4");
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("ln 10 = 2.3026"));
    const Words learned = words_of(line_with(result.out, "   200  "));
    ASSERT_EQ(learned.size(), 3u) << result.out;
    EXPECT_LT(std::stod(learned[1]), 0.05);
    EXPECT_EQ(learned[2], "1.00");
    EXPECT_GT(std::ranges::count(csv("chapter4", "learning-rate"), '\n'), 20);
    EXPECT_EQ(std::ranges::count(csv("chapter4", "valley"), '\n'), 42) << "a header, the start and 40 steps";
}

// Catches a chapter number that is taken for another one, and a message that does not say what there is.
TEST(Chapter, AnUnknownChapterIsRefused) {
    const auto runs = [] {  // that other tests may have left
        const std::filesystem::path folder = workplace() / "runs";
        return std::filesystem::exists(folder) ? std::distance(std::filesystem::directory_iterator(folder), {}) : 0;
    };
    const auto before = runs();
    for (const char* number : {"99", "15"}) {
        const CommandResult result = run_cairn({"chapter", number, "--data", tiny_data()});
        EXPECT_EQ(result.status, 1);
        EXPECT_EQ(result.out, "");
        EXPECT_EQ(result.err,
                  fmt::format("cairn: there is no program of chapter {}; there are those of 0, 1, 2, 3, 4, 5, 6, "
                              "7, 8, 9, 10, 11, 12, 13, 14\n",
                              number));
    }
    EXPECT_EQ(run_cairn({"chapter", "eight"}).status, 2);
    EXPECT_EQ(runs(), before) << "an output folder was left behind";
}

// Catches a default folder that replaces an earlier one, and help that does not say where the figures are.
TEST(Chapter, WithoutOutEveryRunHasItsOwnFolder) {
    const Words words{"chapter", "5", "--data", tiny_data(), "--limit", "8", "--epochs", "1"};
    const std::filesystem::path runs = workplace() / "runs";
    for (const char* folder : {"chapter-05-shapes10", "chapter-05-shapes10-2"}) {
        ASSERT_EQ(run_cairn(words, {{}, {{"PATH", "/nowhere"}}}).status, 0);
        EXPECT_TRUE(std::filesystem::exists(runs / folder / "figures" / "accuracy.csv")) << folder;
    }
    std::filesystem::remove_all(runs);
    EXPECT_THAT(run_cairn({"chapter", "--help"}).out, HasSubstr("runs/chapter-NN-DATASET"));
}

// The epochs would last for minutes; the end of the first one triggers the signal. Catches a chapter that goes on with
// its next model, that ends as if it had succeeded, and empty folders that it leaves behind.
TEST(Chapter, AnInterruptEndsIt) {
    const CommandResult result = run_chapter(8, "interrupted", {.signal_at = "Epoch "}, {"--epochs", "1000"});
    EXPECT_EQ(result.status, 130) << result.err;
    EXPECT_THAT(result.out, HasSubstr("\nInterrupted; the chapter ends here."));
    EXPECT_THAT(result.out, Not(HasSubstr("Training modified-cnn")));
    EXPECT_FALSE(std::filesystem::exists(workplace() / "interrupted"));
}

}  // namespace
