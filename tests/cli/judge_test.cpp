// cairn evaluate and cairn predict, on weights that were trained a moment ago.
#include "cairn/backend/devices.h"
#include "cairn/data/bundle.h"
#include "cairn/io/png.h"
#include "cairn/io/safetensors.h"
#include "cli/cli.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace cairn::test;
using testing::HasSubstr;
using testing::StartsWith;

std::string weights() { return (trained_run() / "model.safetensors").string(); }

// Catches weights that are not what was trained, another order of classes, and an evaluation in training mode.
TEST(Evaluate, RepeatsTheScoresOfTheTraining) {
    const CommandResult result =
        run_cairn({"evaluate", "simple-cnn", "--weights", weights(), "--data", tiny_data(), "--limit", "64", "--json"});
    ASSERT_EQ(result.status, 0) << result.err;
    const nlohmann::json judged = nlohmann::json::parse(result.out);
    const nlohmann::json trained = json_file(trained_run() / "metrics.json")["test"];
    for (const char* score : {"loss", "accuracy", "precision", "recall", "f1"})  // metrics.json has six digits
        EXPECT_NEAR(judged[score].get<double>(), trained[score].get<double>(),
                    1e-5 * std::abs(trained[score].get<double>()));
    EXPECT_EQ(judged["confusion"], trained["confusion"]);
    EXPECT_EQ(judged["images"], 64);
    EXPECT_EQ(judged["classes"][0], "disc");
}

TEST(Evaluate, PrintsScoresAndConfusions) {
    const CommandResult result =
        run_cairn({"evaluate", "simple-cnn", "--weights", weights(), "--data", tiny_data(), "--split", "train"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith("Data: shapes10"));
    EXPECT_THAT(result.out, HasSubstr("on 300 train images"));
    EXPECT_THAT(result.out, HasSubstr("\nloss "));
    EXPECT_THAT(result.out, HasSubstr("\nmacro precision "));
    EXPECT_THAT(result.out, HasSubstr("\nactual \\ predicted  disc  ring  crescent  triangle"));
    EXPECT_THAT(result.out, HasSubstr("\nspiral "));
}

TEST(Evaluate, SaysWhenTheWeightsLearnedAnotherDataSet) {
    std::filesystem::copy(tiny_data(), workplace() / "images10");
    cairn::write_file(workplace() / "images10" / "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
    const CommandResult result = run_cairn({"evaluate", "simple-cnn", "--weights", weights(), "--data", "images10"});
    EXPECT_THAT(result.err,
                HasSubstr("cairn: warning: these weights were trained on shapes10, whose classes have other names: "
                          "class 0 is 'disc' there and 'a' in images10"));

    // Another name alone: of the same classes there may be other images.
    cairn::data::Split other = cairn::data::load_cifar10(tiny_data());
    other.train.name = other.test.name = "drawings";
    cairn::make_folder(workplace() / "drawings");
    cairn::data::write_bundle(other, workplace() / "drawings" / cairn::data::bundle_name);
    for (const auto& [folder, warning] :
         {std::pair("drawings", "cairn: warning: these weights were trained on shapes10, and the data are drawings\n"),
          {"tiny", ""}})
        EXPECT_EQ(run_cairn({"evaluate", "simple-cnn", "--weights", weights(), "--data", folder}).err, warning);
}

// A picture of any size, with the names of the classes from the weights. Catches unsorted classes and unnormalized numbers.
TEST(Predict, PrintsTheClassesOfPictures) {
    cairn::io::Image picture{48, 20, std::vector<std::uint8_t>(48 * 20 * 3, 200)};
    cairn::io::write_png(workplace() / "grey.png", picture);
    const CommandResult text = run_cairn({"predict", "simple-cnn", "--weights", weights(), "grey.png", "grey.png"});
    ASSERT_EQ(text.status, 0) << text.err;
    EXPECT_THAT(text.out, StartsWith("grey.png\n"));
    EXPECT_THAT(text.out, HasSubstr("\n\ngrey.png\n"));
    for (const char* name :
         {"disc", "ring", "crescent", "triangle", "square", "star", "cross", "stripes", "checkerboard", "spiral"})
        EXPECT_THAT(text.out, HasSubstr(std::string("\n  ") + name + " "));

    const CommandResult result = run_cairn({"predict", "simple-cnn", "--weights", weights(), "grey.png", "--json"});
    const nlohmann::json classes = nlohmann::json::parse(result.out)[0]["classes"];
    ASSERT_EQ(classes.size(), 10u);
    double sum = 0, last = 1;
    for (const nlohmann::json& guess : classes) {
        const double probability = guess["probability"];
        EXPECT_LE(probability, last);
        sum += last = probability;
    }
    EXPECT_NEAR(sum, 1, 1e-6);
}

// The tiny data set, with the records of its test file in reverse.
std::filesystem::path data_in_reverse() {
    const std::filesystem::path folder = workplace() / "reverse";
    std::filesystem::copy(tiny_data(), folder);
    const std::string records = contents(folder / "test_batch.bin");
    std::string reverse;
    for (std::size_t at = 0; at < records.size(); at += 3073) reverse.insert(0, records.substr(at, 3073));
    cairn::write_file(folder / "test_batch.bin", reverse);
    return folder;
}

// The logits are those that the accuracy comes from: as many argmaxes are right as evaluate counts. Catches rows that do not
// belong to their labels, and an index in cairn's own order, by which nobody else could find the images.
TEST(Predict, WritesLogitsWithWhereTheirImagesStand) {
    const std::filesystem::path data = data_in_reverse();
    const CommandResult result = run_cairn({"predict", "simple-cnn", "--weights", weights(), "--data", data, "--limit",
                                            "64", "--logits", "logits.safetensors"});
    ASSERT_EQ(result.status, 0) << result.err;
    const cairn::io::Safetensors file = cairn::io::read_safetensors(workplace() / "logits.safetensors",
                                                                    cairn::backend(cairn::Device::cpu()).allocator());
    ASSERT_EQ(file.tensors.size(), 3u);
    EXPECT_EQ(file.tensors[0].first, "logits");
    ASSERT_EQ(file.tensors[0].second.shape(), (cairn::Shape{64, 10}));
    EXPECT_EQ(file.tensors[1].first, "labels");
    EXPECT_EQ(file.tensors[2].first, "index");
    const std::vector<float> values = file.tensors[0].second.to_vector<float>();
    const std::vector<std::int32_t> labels = file.tensors[1].second.to_vector<std::int32_t>(),
                                    index = file.tensors[2].second.to_vector<std::int32_t>();

    const std::string records = contents(data / "test_batch.bin");
    int right = 0;
    for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_EQ(index[i], 99 - static_cast<int>(i)) << "the file that was turned round stood in canonical order";
        EXPECT_EQ(labels[i], records[3073 * static_cast<std::size_t>(index[i])]) << i;
        const auto row = values.begin() + static_cast<std::ptrdiff_t>(10 * i);
        if (std::max_element(row, row + 10) - row == labels[i]) ++right;
    }
    EXPECT_NEAR(right / 64.0, json_file(trained_run() / "metrics.json")["test"]["accuracy"].get<double>(), 1e-6);
}

}  // namespace
