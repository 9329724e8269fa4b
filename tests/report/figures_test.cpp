// The figures' data and commands, and what gnuplot makes of them.
#include "cairn/report/figures.h"

#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/io/png.h"
#include "report/markup.h"
#include "report/run_files.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn::report {
namespace {

using metrics::unknown;
using test::TempFolder;

bool gnuplot_is_installed() { return run_program({"gnuplot", "--version"}).has_value(); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::vector<std::string> classes = {"cat", "dog & <wolf>", "it's"};
const Curves curves{"tiny", {{1, 2.5, 0.1, 2.4, 0.15}, {2, 2.25, 0.2, 2.2, 0.25}}};

Heatmap heatmap(const std::string& title, const metrics::Counts& counts) {
    return {title, metrics::ConfusionMatrix(counts)};
}

// On the diagonal 9, and 1 beside it.
metrics::Counts striped(std::size_t size) {
    metrics::Counts counts(size, std::vector<std::int64_t>(size, 0));
    for (std::size_t c = 0; c < size; ++c) {
        counts[c][c] = 9;
        counts[c][(c + 1) % size] += 1;
    }
    return counts;
}

io::Image plain_image(std::uint8_t value) { return {32, 32, std::vector<std::uint8_t>(32 * 32 * 3, value)}; }

std::vector<Figure> one_of_each() {
    std::vector<Figure> figures = learning_curves("", curves, {{"notebook", {{1, unknown, unknown, 1.5, 0.3}}}});
    figures.push_back(accuracy_comparison("both", "Both models", {curves, curves}));
    figures.push_back(
        confusion_figure("confusion", "Confusion", classes, {heatmap("on test", {{5, 1, 0}, {0, 6, 0}, {2, 0, 9}})}));
    figures.push_back(confusion_figure(
        "sheet", "Sheet", classes,
        {heatmap("one", {{1, 0}, {0, 1}}), heatmap("two", {{0, 0}, {0, 0}}), heatmap("three", {{7, 1}, {1, 7}})}));
    figures.push_back(
        score_bars("scores", "Four scores", {{"mlp-l2", {1.5, 0.4, 0.39, 0.4, 0.38}, {.accuracy = 0.41}}}));
    figures.push_back(accuracy_against("flops", "FLOPs per image", true, {{"a", {{1e6, 0.5}}}, {"b", {{2e7, 0.7}}}}));
    figures.push_back(mistakes_figure(classes, {{7, plain_image(9), 1, 2, 0.9987}}));
    figures.push_back(filters_figure({1, 1, 3, 2}, std::vector<float>{1, -1, 0, 0, 0.5F, 0.25F}));
    figures.push_back(confusion_figure("many", "Many classes", std::vector<std::string>(20, "same"),
                                       {heatmap("left", striped(20)), heatmap("right", striped(20))}));
    return figures;
}

// Catches columns that are swapped, an epoch lost, and a missing value written as a number.
TEST(Figures, DataAreWrittenAsTheyAre) {
    const std::vector<Figure> figures = one_of_each();
    EXPECT_EQ(figures[0].csv, "epoch,\"validation, notebook\",training,validation\n1,0.3,0.1,0.15\n2,,0.2,0.25\n");
    EXPECT_EQ(figures[1].csv, "epoch,\"validation, notebook\",training,validation\n1,1.5,2.5,2.4\n2,,2.25,2.2\n");
    EXPECT_EQ(figures[3].csv,
              "matrix,actual,predicted,count\n0,0,0,5\n0,0,1,1\n0,0,2,0\n0,1,0,0\n0,1,1,6\n0,1,2,0\n0,2,0,2\n0,2,1,0\n"
              "0,2,2,9\n");
    EXPECT_TRUE(contains(figures[5].csv, "\nmlp-l2,0.4,0.39,0.4,0.38,0.41,,,\n")) << figures[5].csv;
    EXPECT_TRUE(contains(figures[6].csv, "\n1e+06,0.5,0,a\n2e+07,0.7,1,b\n")) << figures[6].csv;
    EXPECT_EQ(figures[7].csv, "index,actual,predicted,confidence\n7,1,2,0.998700\n");
    EXPECT_EQ(figures[8].csv, "filter,row,column,red,green,blue\n0,0,0,1,0,0.5\n1,0,0,-1,0,0.25\n");
}

// Catches a picture of many classes that is transposed, of another matrix, or with another scale of colours; counts of 0 that
// make megabytes of data; and few classes that lose their numbers.
TEST(Figures, ManyClassesAreShownByColour) {
    metrics::Counts counts = striped(100);
    counts[2][7] = 4;
    const Figure figure = confusion_figure("c", "Classes", {}, {heatmap("a", striped(100)), heatmap("b", counts)});
    EXPECT_EQ(std::count(figure.csv.begin(), figure.csv.end(), '\n'), 1 + 200 + 201);
    const io::Image& image = figure.pixels.value();
    ASSERT_EQ(image.height, 500);
    ASSERT_EQ(image.width, 1000);
    const auto pixel = [&](std::int64_t actual, std::int64_t predicted) {
        const auto at = static_cast<std::size_t>(3 * ((5 * actual + 2) * image.width + 5 * predicted + 2));
        return std::vector<int>{image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
    };
    const std::vector<int> none{0xF7, 0xFB, 0xFF}, most{0x08, 0x30, 0x6B};
    EXPECT_EQ(pixel(2, 2), most);
    EXPECT_EQ(pixel(2, 7), none) << "the first matrix";
    EXPECT_EQ(pixel(99, 0), pixel(0, 1)) << "1 of 9";
    EXPECT_EQ(pixel(7, 102), none);
    const std::vector<int> half = pixel(2, 107);  // 4 of 9: a little before the middle of the nine blues, #6BAED6
    EXPECT_TRUE(half[0] > 0x6B && half[0] < 0x9E && half[2] > 0xD6 && half[2] < 0xE1) << half[0];
    EXPECT_TRUE(confusion_figure("c", "C", {}, {heatmap("a", striped(17))}).pixels);
    EXPECT_FALSE(confusion_figure("c", "C", {}, {heatmap("a", striped(16))}).pixels);
    EXPECT_FALSE(confusion_figure("c", "C", {}, {heatmap("a", {{1, 0}, {0, 1}})}).pixels);
    EXPECT_EQ(confusion_figure("c", "C", {}, {heatmap("a", striped(1000))}).pixels->width, 1000);
}

// Catches a grey picture that is read as one in colour, beyond its end, and pictures of any size drawn as if they had 32 pixels.
TEST(Figures, GreyPicturesOfAnySizeAreShown) {
    data::Dataset images{.name = "grey",
                         .classes = {"a", "b"},
                         .image_shape = {2, 3, 1},
                         .images = {10, 20, 30, 40, 50, 60},
                         .labels = {0}};
    const std::vector<Mistake> mistakes = most_confident_mistakes(images, std::vector<float>{0, 1});
    ASSERT_EQ(mistakes.size(), 1u);
    EXPECT_EQ(mistakes[0].image,
              (io::Image{2, 3, {10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40, 50, 50, 50, 60, 60, 60}}));
    const io::Image image = mistakes_figure({"a", "b"}, mistakes).pixels.value();
    EXPECT_EQ(image.height, 2 * 42 + 86) << "128 / 3 pixels for one";
    EXPECT_EQ(image.pixels[static_cast<std::size_t>(3 * (image.width * 10 + (190 - 126) / 2 + 50))], 20);
    const io::Image large =
        mistakes_figure({"a", "b"}, {{0, {300, 200, std::vector<std::uint8_t>(180'000, 7)}, 0, 1, 0.5}}).pixels.value();
    EXPECT_EQ(large.height, 128 + 86);
    EXPECT_EQ(filters_figure({1, 1, 1, 2}, std::vector<float>{1, -0.5F}).csv,
              "filter,row,column,grey\n0,0,0,1\n1,0,0,-0.5\n");
}

// Catches filters that are not scaled by their own largest weight, and channels or filters that are swapped.
TEST(Figures, FiltersAreScaledByTheirLargestWeight) {
    const io::Image image = filters_figure({1, 1, 3, 2}, std::vector<float>{1, -1, 0, 0, 0.5F, 0.25F}).pixels.value();
    const auto pixel = [&](std::int64_t x) {
        const auto at = static_cast<std::size_t>(3 * (10 * image.width + x));
        return std::vector<int>{image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
    };
    EXPECT_EQ(pixel(36), (std::vector<int>{255, 128, 191}));
    EXPECT_EQ(pixel(72 + 36), (std::vector<int>{0, 128, 159}));
    EXPECT_EQ(pixel(72), (std::vector<int>{255, 255, 255}));  // between them
}

// Catches a wrong softmax, an image that was right, and the wrong order.
TEST(Figures, MistakesAreTheSurestWrongAnswers) {
    data::Dataset images{.name = "tiny",
                         .classes = {"a", "b"},
                         .image_shape = {1, 1, 3},
                         .images = {},
                         .labels = {0, 1, 0, 0},
                         .index = {9, 8, 7, 6}};
    for (std::uint8_t i = 0; i < 12; ++i) images.images.push_back(i);
    const std::vector<float> logits = {0, 1, 0, 9, 1000, 1003, 5, 4};
    const std::vector<Mistake> mistakes = most_confident_mistakes(images, logits, 5);
    ASSERT_EQ(mistakes.size(), 2u);
    EXPECT_EQ(mistakes[0].index, 7) << "not where it stands in the files";
    EXPECT_EQ(mistakes[0].predicted, 1);
    EXPECT_EQ(mistakes[0].image.pixels, (std::vector<std::uint8_t>{6, 7, 8}));
    EXPECT_NEAR(mistakes[0].confidence, 1 / (1 + std::exp(-3.0)), 1e-12);
    EXPECT_NEAR(mistakes[1].confidence, 1 / (1 + std::exp(-1.0)), 1e-12);
    EXPECT_EQ(most_confident_mistakes(images, logits, 1).size(), 1u);
}

// Catches commands that gnuplot refuses, and names that it would take for commands or markup.
TEST(Figures, GnuplotDrawsThemAll) {
    if (!gnuplot_is_installed()) GTEST_SKIP() << "gnuplot is not installed: NO FIGURE WAS DRAWN (Debian: gnuplot-nox)";
    const TempFolder folder;
    Gnuplot gnuplot(folder / "it's a \"folder\"", true);
    std::string drawn;
    for (const Figure& figure : one_of_each()) {
        gnuplot.draw(figure);
        ASSERT_EQ(gnuplot.message(), "") << figure.name;
        const std::string svg = test::read_text(gnuplot.folder() / (figure.name + ".svg"));
        EXPECT_EQ(test::markup_fault(svg), "") << figure.name;
        drawn += svg;
        EXPECT_EQ(io::read_png(gnuplot.folder() / (figure.name + ".png")).width, 2 * figure.width) << figure.name;
    }
    for (const char* text :
         {"Accuracy of tiny", "epoch", "accuracy (share of images)", "loss (nats per image)", "validation, notebook",
          "Both models", "Actual", "Predicted", "dog &amp; &lt;wolf>", "it's", "on test", "three", "Four scores",
          "score on the test images", "mlp-l2", "FLOPs per image", "actual: dog", "99.87 % sure", "data:image/png"})
        EXPECT_TRUE(contains(drawn, text)) << text;
    for (const auto& file : std::filesystem::directory_iterator(gnuplot.folder()))
        EXPECT_FALSE(contains(file.path().filename().string(), ".part") ||
                     contains(file.path().filename().string(), "log"))
            << file.path();
}

// Catches what a user wrote into ~/.gnuplot taken into a figure.
TEST(Figures, TheUsersGnuplotSettingsAreNotRead) {
    if (!gnuplot_is_installed()) GTEST_SKIP() << "gnuplot is not installed: NO FIGURE WAS DRAWN (Debian: gnuplot-nox)";
    const TempFolder folder;
    write_file(folder / ".gnuplot", "set label 'of the user' at graph 0.5, graph 0.5\n");
    const std::string home = ::getenv("HOME");
    ::setenv("HOME", folder.path().c_str(), 1);
    Gnuplot gnuplot(folder / "figures");
    gnuplot.draw(one_of_each()[0]);
    ::setenv("HOME", home.c_str(), 1);
    EXPECT_EQ(gnuplot.message(), "");
    EXPECT_FALSE(contains(test::read_text(folder / "figures/accuracy.svg"), "of the user"));
}

// Catches a report that loses its data with gnuplot, and a picture of an earlier run that stays.
TEST(Figures, CommandsThatFailLeaveTheDataAndAMessage) {
    const TempFolder folder;
    write_file(folder / "bad.svg", "old");
    Gnuplot gnuplot(folder.path());
    gnuplot.draw({.name = "bad", .title = "Bad", .csv = "x\n1\n", .commands = "plot no such thing\n"});
    EXPECT_NE(gnuplot.message(), "");
    EXPECT_EQ(gnuplot.message().find('\n'), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "bad.svg"));
    EXPECT_EQ(test::read_text(folder / "bad.csv"), "x\n1\n");
}

}  // namespace
}  // namespace cairn::report
