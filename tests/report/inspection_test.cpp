// The page about the inside of a model, and its figures.
#include "cairn/report/inspection.h"

#include "cairn/core/file.h"
#include "cairn/report/layer_figures.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace cairn::report {
namespace {

using testing::HasSubstr;

InspectedPicture small_picture() {
    InspectedPicture picture{
        .name = "cat.png", .guess = "cat, 90.0 % sure", .image = {2, 2, std::vector<std::uint8_t>(12, 200)}};
    picture.layers.push_back({"conv2d", {1, 2, 3}, {0, 1, 2, 0.5F, 4, 0}});
    picture.layers.push_back({"batch_normalization", {1, 1, 2}, {-2, 1}});
    picture.map = {1, 2, {0, 1}};
    return picture;
}

std::uint8_t red(const io::Image& image, std::int64_t y, std::int64_t x) {
    return image.pixels[static_cast<std::size_t>((y * image.width + x) * 3)];
}

TEST(Spread, IsOfSortedNumbersWithoutThoseThatAreNone) {
    std::vector<float> values;
    for (int i = 100; i >= 0; --i) values.push_back(static_cast<float>(i));
    values.push_back(std::nanf(""));
    const Spread spread = spread_of(values);
    EXPECT_EQ(spread.low, 5);
    EXPECT_EQ(spread.lower, 25);
    EXPECT_EQ(spread.median, 50);
    EXPECT_EQ(spread.upper, 75);
    EXPECT_EQ(spread.high, 95);
    EXPECT_TRUE(std::isnan(spread_of({}).median));
}

// A layer is on its own scale: without negative values black is 0 and white the largest, with some medium grey is 0. Catches
// channels that are taken for places.
TEST(FeatureMaps, AreScaledByLayer) {
    const Figure figure = feature_maps_figure("feature-maps-1", small_picture());
    EXPECT_EQ(figure.csv, "row,channels,largest,layer\n0,,,picture\n1,3,4,conv2d\n2,2,2,batch_normalization\n");
    const io::Image& pixels = *figure.pixels;
    const std::int64_t cell = 70;
    EXPECT_EQ(red(pixels, 10, 10), 200) << "the picture";
    EXPECT_EQ(red(pixels, cell + 2, 10), 0) << "channel 0 on the left: 0";
    EXPECT_EQ(red(pixels, cell + 2, 50), 32) << "channel 0 on the right: 0.5 of 4";
    EXPECT_EQ(red(pixels, cell + 2, cell + 50), 255) << "channel 1 on the right: 4 of 4";
    EXPECT_EQ(red(pixels, 2 * cell + 2, 10), 0) << "-2 of 2";
    EXPECT_EQ(red(pixels, 2 * cell + 2, cell + 10), 191) << "1 of 2";
    EXPECT_EQ(red(pixels, 2 * cell + 2, 2 * cell + 10), 255) << "no third channel: white";
}

Inspection small_inspection() {
    Inspection inspection{
        .title = "Inside of it's <small>", .remarks = {"A remark."}, .command = "cairn inspect small"};
    InspectedState before{.name = "before training", .layers = {}, .weights = {}, .filters = {0.5F, -0.5F}};
    before.layers.push_back({"conv2d", {-1, 0, 1, 2, 3}, {-4, -3, -2, -1, 0}, 0.25});
    before.layers.push_back({"max_pooling2d", {0, 1, 2, 3, 4}, {-4, -3, -2, -1, 0}, std::nan("")});
    before.weights.push_back({"conv2d/kernel", {-1, -0.5, 0, 0.5, 1}});
    InspectedState after = before;
    after.name = "after training";
    after.filters = {1, -0.25F};
    inspection.states = {before, after};
    inspection.filters = {1, 1, 1, 2};
    inspection.filters_of = "conv2d";
    inspection.pictures = {small_picture()};
    inspection.map_layer = "conv2d";
    return inspection;
}

// Catches filters that are scaled each by itself, by which training would seem to change nothing.
TEST(Filters, AreOnOneScaleBeforeAndAfter) {
    const Figure figure = filters_comparison(small_inspection());
    EXPECT_EQ(figure.csv, "row,filters\n0,2\n1,2\n");
    EXPECT_THAT(figure.commands, HasSubstr("'before training', 'after training'"));
    const std::int64_t cell = 70;
    EXPECT_EQ(red(*figure.pixels, 10, 10), 191) << "0.5 of 1";
    EXPECT_EQ(red(*figure.pixels, 10, cell + 10), 64) << "-0.5 of 1";
    EXPECT_EQ(red(*figure.pixels, cell + 10, 10), 255) << "1 of 1";
    EXPECT_EQ(red(*figure.pixels, cell + 10, cell + 10), 96) << "-0.25 of 1";
}

TEST(LayerFigures, HaveARowForEachLayerAndState) {
    const std::vector<Figure> figures = layer_figures(small_inspection().states);
    ASSERT_EQ(figures.size(), 4u);
    EXPECT_EQ(
        figures[0].csv,
        "layer,state,5th percentile,lower quartile,median,upper quartile,95th percentile,name\n"
        "0,0,-1,0,1,2,3,conv2d\n1,0,0,1,2,3,4,max_pooling2d\n0,1,-1,0,1,2,3,conv2d\n1,1,0,1,2,3,4,max_pooling2d\n");
    EXPECT_EQ(figures[2].name, "gradient-norms");
    EXPECT_EQ(figures[2].csv, "layer,state,norm,name\n0,0,0.25,conv2d\n0,1,0.25,conv2d\n")
        << "a layer without parameters";
}

// The hottest place is yellow and the coldest blue: catches a map that is turned around or laid over the wrong picture.
TEST(ClassMapsFigure, LiesBesideThePicture) {
    const Figure figure = class_maps_figure({small_picture()});
    const io::Image& pixels = *figure.pixels;
    const std::int64_t left = (pixels.width / 3 - 2 * 128 - 6) / 2;
    EXPECT_EQ(red(pixels, 64, left + 64), 200);
    EXPECT_LT(red(pixels, 64, left + 128 + 6 + 4), red(pixels, 64, left + 128 + 6 + 123));
}

TEST(Inspection, WritesThePageAndEveryFigure) {
    const test::TempFolder folder;
    const std::string missing = write_inspection(folder.path(), small_inspection());
    const auto bytes = read_file(folder / "report.html");
    const std::string page(bytes.begin(), bytes.end());
    EXPECT_THAT(page, HasSubstr("Inside of it&#39;s &lt;small&gt;"));
    EXPECT_THAT(page, HasSubstr("cairn inspect small"));
    for (const char* name :
         {"class-maps", "feature-maps-1", "filters", "activations", "gradients", "gradient-norms", "weights"}) {
        EXPECT_TRUE(std::filesystem::exists(folder / "figures" / (std::string(name) + ".csv"))) << name;
        if (!missing.empty()) continue;  // gnuplot is not installed
        EXPECT_TRUE(std::filesystem::exists(folder / "figures" / (std::string(name) + ".svg"))) << name;
        EXPECT_TRUE(std::filesystem::exists(folder / "figures" / (std::string(name) + ".png"))) << name;
        EXPECT_THAT(page, HasSubstr(fmt::format("figures/{}.csv", name)));
    }
}

}  // namespace
}  // namespace cairn::report
