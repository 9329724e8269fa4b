// Run folders as somebody else may have made them: what a report is made of must not break it.
#include "cairn/report/figures.h"
#include "cairn/report/report.h"
#include "report/numbered_run.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <limits>

namespace cairn::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::error_message;
using test::TempFolder;
using testing::HasSubstr;

class ForeignRun : public testing::Test {
protected:
    std::string refusal() {
        return error_message([&] { write_run_report(run, {}); });
    }
    // What a report says of a run whose metrics.json has these members.
    std::string refusal(const json& metrics) {
        test::write_numbered_run(run, {.metrics = metrics});
        return refusal();
    }
    static json test_counts(const json& counts) { return {{"test", {{"confusion", counts}}}}; }
    void write_kernel(const Shape& shape, float value) const {
        HostAllocator memory(Device::reference());
        const Tensor kernel = Tensor::empty(shape, DType::float32, memory);
        std::fill_n(kernel.data<float>(), kernel.size(), value);
        io::write_safetensors(run / "model.safetensors", {{"conv2d/kernel", kernel}}, {{"classes", "a,b,c"}});
    }

    TempFolder folder;
    fs::path run = folder / "run";
};

// Catches filters that are drawn beyond the picture: a heap overflow from 73 pixels on.
TEST_F(ForeignRun, KernelsOfAnySizeAreDrawnOrLeftOut) {
    test::write_numbered_run(run, {});
    for (const Shape& shape : {Shape{100, 100, 3, 1}, Shape{1, 500, 3, 9}, Shape{67, 2, 1, 3}, Shape{66, 66, 3, 2},
                               Shape{1, 1, 3, 5000}, Shape{800, 800, 3, 1}, Shape{0, 3, 3, 4}, Shape{3, 3, 3, 0}}) {
        write_kernel(shape, 0.5F);
        EXPECT_NO_THROW(write_run_report(run, {})) << shape.str();
    }
    for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 3e38F}) {
        write_kernel({3, 3, 3, 2}, value);
        EXPECT_NO_THROW(write_run_report(run, {})) << value;
    }
}

// Each was read beyond a matrix's end, converted to what a whole number does not hold, or painted in a colour that is none.
TEST_F(ForeignRun, MatricesThatAreNoneAreRefused) {
    EXPECT_THAT(refusal(test_counts({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}})), HasSubstr("have 3 and 4 classes"));
    EXPECT_THAT(refusal(test_counts({{1, 2}, {3}})), HasSubstr("\"confusion\" is no matrix"));
    EXPECT_THAT(refusal(test_counts({{1, -2}, {3, 4}})), HasSubstr("holds the count -2; counts are 0 or more"));
    EXPECT_THAT(refusal(test_counts({{1, 2.5}, {3, 4}})),
                HasSubstr("\"confusion\" is 2.5; it should be a whole number"));
    EXPECT_THAT(refusal(test_counts({{1, 7.7e43}, {3, 4}})), HasSubstr("it should be a whole number"));
    EXPECT_THAT(refusal(test_counts({{1, 9223372036854775807}, {1, 1}})), HasSubstr("counts are 0 or more, and "));
    EXPECT_THAT(refusal(test_counts("none")), HasSubstr("\"confusion\" is \"none\"; it should be a list"));
    EXPECT_THAT(refusal(test_counts(json::array({1, 2}))), HasSubstr("\"confusion\" is no matrix"));
    EXPECT_THAT(refusal({{"test", 3}}), HasSubstr("\"test\" is 3; it should be an object"));
    EXPECT_THAT(refusal({{"parameters", 1e300}}), HasSubstr("\"parameters\" is 1e+300; it should be a whole number"));
    EXPECT_THAT(refusal({{"interrupted", 1}}), HasSubstr("\"interrupted\" is 1; it should be true or false"));
    EXPECT_EQ(refusal(json::object()), "(nothing was thrown)");
}

// The same for whoever draws matrices of several runs, which read_run cannot compare.
TEST(ConfusionFigure, RefusesMatricesOfSeveralSizes) {
    using metrics::ConfusionMatrix;
    EXPECT_THROW(confusion_figure("c", "c", {}, {{"a", ConfusionMatrix(3)}, {"b", ConfusionMatrix(20)}}), Error);
    EXPECT_THROW(confusion_figure("c", "c", {}, {{"a", ConfusionMatrix(20)}, {"b", ConfusionMatrix(3)}}), Error);
    EXPECT_NO_THROW(confusion_figure("c", "c", {}, {{"a", ConfusionMatrix()}}));
}

// Levels that would fill the stack of whatever walks through them; numbers and files that are too large.
TEST_F(ForeignRun, DeepAndLargeFilesAreRefused) {
    for (const char* name : {"config.json", "metrics.json"}) {
        test::write_numbered_run(run, {});
        std::string deep = "{\"a\":";
        for (int i = 0; i < 20'000; ++i) deep += "{\"a\":";
        write_file(run / name, deep);
        EXPECT_THAT(refusal(), HasSubstr("has more than 32 objects and lists inside one another")) << name;
        write_file(run / name, "{\"seconds\": 1e999}");
        EXPECT_THAT(refusal(), HasSubstr("is not JSON at byte ")) << name;
    }
    for (const char* name : {"config.json", "metrics.json", "history.csv"}) {
        test::write_numbered_run(run, {});
        fs::resize_file(run / name, std::uintmax_t{1} << 40);
        EXPECT_THAT(refusal(), HasSubstr("holds 1099511627776 bytes")) << name;
    }
    test::write_numbered_run(run, {});
    write_file(run / "history.csv", "epoch,loss\n" + std::string(200'000, '\n'));
    EXPECT_THAT(refusal(), HasSubstr("a history has at most 100000 epochs"));
}

// Catches names that leave the page's text, or gnuplot's.
TEST_F(ForeignRun, NamesThatNoClassMayHaveAreRefused) {
    test::write_numbered_run(run, {});
    HostAllocator memory(Device::reference());
    const Tensor x = Tensor::empty({0}, DType::float32, memory);
    for (const char* classes : {"a,a,b,c", "a,\x1b[2J,b", "a,,b"}) {
        io::write_safetensors(run / "model.safetensors", {{"x", x}}, {{"classes", classes}});
        EXPECT_THAT(refusal(), HasSubstr("the metadata of the weights has ")) << classes;
    }
}

}  // namespace
}  // namespace cairn::report
