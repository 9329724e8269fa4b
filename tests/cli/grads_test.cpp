// cairn grads, judged by what other commands say about the same weights.
#include "cairn/backend/devices.h"
#include "cairn/io/safetensors.h"
#include "cli/cli.h"
#include "support/compare.h"

#include <algorithm>

namespace {

using namespace cairn::test;
using cairn::DType;
using cairn::Tensor;
using testing::HasSubstr;
using testing::StartsWith;

using Tensors = std::map<std::string, Tensor>;

Tensors read(const std::filesystem::path& path) {
    const cairn::io::Safetensors file =
        cairn::io::read_safetensors(path, cairn::backend(cairn::Device::cpu()).allocator());
    return {file.tensors.begin(), file.tensors.end()};
}

// The weights of a model after an epoch on 64 images.
std::string weights(const std::string& model) {
    const std::string folder = "grads-" + model;
    if (!std::filesystem::exists(workplace() / folder)) {
        const CommandResult result =
            run_cairn({"train", model, "--data", tiny_data(), "--limit", "64", "--epochs", "1", "--out", folder});
        EXPECT_EQ(result.status, 0) << result.err;
    }
    return (workplace() / folder / "model.safetensors").string();
}

Tensors grads(const std::string& model, const Words& more = {}) {
    Words words{"grads", model, "--weights", weights(model), "--data", tiny_data(), "--out", "g.safetensors"};
    words.insert(words.end(), more.begin(), more.end());
    const CommandResult result = run_cairn(words);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith("Data: "));
    return read(workplace() / "g.safetensors");
}

// The loss on the first `limit` training images in inference mode.
double evaluated(const std::string& model, const std::string& file, int limit) {
    const CommandResult result = run_cairn({"evaluate", model, "--weights", file, "--data", tiny_data(), "--split",
                                            "train", "--limit", std::to_string(limit), "--json"});
    EXPECT_EQ(result.status, 0) << result.err;
    return nlohmann::json::parse(result.out)["loss"];
}

// Catches other images than those that are promised, and gradients that are missing or stand under wrong names.
TEST(Grads, WritesTheBatchAndAGradientForEveryTrainedParameter) {
    const Tensors written = grads("mlp-bn");
    Tensors parameters = read(weights("mlp-bn"));
    for (const char* name : {"batch_normalization", "batch_normalization_1"})
        for (const char* statistic : {"/moving_mean", "/moving_variance"})
            EXPECT_EQ(parameters.erase(std::string(name) + statistic), 1u);
    EXPECT_EQ(written.size(), parameters.size() + 3);
    for (const auto& [name, value] : parameters) {
        ASSERT_TRUE(written.contains(name)) << name;
        EXPECT_EQ(written.at(name).shape(), value.shape()) << name;
    }

    const cairn::data::Dataset first = cairn::data::load_cifar10(tiny_data()).train.first(8);
    EXPECT_EQ(written.at("labels").to_vector<std::int32_t>(), first.labels);
    const std::vector<float> pixels = written.at("images").to_vector<float>();
    EXPECT_EQ(written.at("images").shape(), (cairn::Shape{8, 32, 32, 3}));
    for (std::size_t i = 0; i < pixels.size(); i += 101) EXPECT_NEAR(pixels[i], first.images[i] / 255.0, 1e-7);
    EXPECT_EQ(grads("mlp-bn", {"--limit", "5"}).at("labels").dim(0), 5);
    EXPECT_EQ(grads("mlp-bn", {"--data", other_data()}).at("labels").to_vector<std::int32_t>(),
              cairn::data::load_cifar10(other_data()).train.first(8).labels);
}

// mlp-l2 has no batch norm, so that its loss without dropout is what evaluate says. Catches a dropout that is on and a
// penalty that is left out. Then a short step up and down the gradient must change evaluate's loss by the gradient's
// norm, which catches gradients of anything else; 2 percent leave room for float32 and for the ReLUs that switch on the
// way.
TEST(Grads, BelongToTheLossWithPenaltyAndWithoutDropout) {
    const Tensors written = grads("mlp-l2", {"--limit", "16"});
    EXPECT_NEAR(written.at("loss").item(), evaluated("mlp-l2", weights("mlp-l2"), 16), 1e-5);

    const Tensors parameters = read(weights("mlp-l2"));
    double squares = 0;
    for (const auto& [name, value] : parameters) squares += dot(written.at(name), written.at(name));
    const double norm = std::sqrt(squares), step = 0.01;
    const auto moved = [&](double by) {
        cairn::io::NamedTensors all;
        for (const auto& [name, value] : parameters) {
            std::vector<float> values = value.to_vector<float>();
            const std::vector<float> gradient = written.at(name).to_vector<float>();
            for (std::size_t i = 0; i < values.size(); ++i) values[i] += static_cast<float>(by / norm) * gradient[i];
            all.emplace_back(name, cairn::from_values(value.shape(), values, cairn::Device::cpu()));
        }
        const std::filesystem::path file = workplace() / "moved.safetensors";
        cairn::io::write_safetensors(file, all, {{"model", "mlp-l2"}});
        return evaluated("mlp-l2", file.string(), 16);
    };
    EXPECT_NEAR((moved(step) - moved(-step)) / (2 * step), norm, 0.02 * norm);
}

// Catches a --float64 that only converts the result, and batch norm in inference mode.
TEST(Grads, Float64AndBatchStatistics) {
    const Tensors narrow = grads("mlp-bn"), wide = grads("mlp-bn", {"--float64"});
    for (const auto& [name, value] : wide) {
        EXPECT_EQ(value.dtype(), name == "labels" ? DType::int32 : DType::float64) << name;
        // Rounding alone; a bias before a batch norm has gradient zero.
        EXPECT_LT(relative_error(cairn::to_dtype(narrow.at(name), value.dtype()), value, 1e-2), 1e-3) << name;
    }
    const std::vector<double> pixels = wide.at("images").to_vector<double>();
    EXPECT_TRUE(std::ranges::any_of(pixels, [](double p) { return p != static_cast<float>(p); }));
    EXPECT_GT(std::abs(wide.at("loss").item() - evaluated("mlp-bn", weights("mlp-bn"), 8)), 1e-3);
}

TEST(Grads, AFileThatCannotBeWrittenIsNamed) {
    const CommandResult result = run_cairn(
        {"grads", "mlp-l2", "--weights", weights("mlp-l2"), "--data", tiny_data(), "--out", "nowhere/g.safetensors"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, StartsWith("cairn: cannot write nowhere/g.safetensors: "));
}

}  // namespace
