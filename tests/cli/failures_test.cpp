// What a person meets when something is wrong: one message that says what to do, and status 1.
#include "cairn/io/safetensors.h"
#include "cli/cli.h"

#include "cairn/backend/devices.h"

#include <algorithm>

namespace {

using namespace cairn::test;
using cairn::write_file;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

void expect_failure(const Words& words, const std::string& said) {
    const CommandResult result = run_cairn(words);
    const std::string shown = "cairn " + testing::PrintToString(words);
    EXPECT_EQ(result.status, 1) << shown << result.err;
    EXPECT_THAT(result.err, StartsWith("cairn: ")) << shown;
    EXPECT_THAT(result.err, HasSubstr(said)) << shown;
    EXPECT_THAT(result.err, Not(HasSubstr("bug"))) << shown;
}

TEST(Failures, UnknownNamesSuggestTheNearest) {
    for (const char* command : {"summary", "train"})
        expect_failure({command, "simple-cn"},
                       "unknown model 'simple-cn'; did you mean simple-cnn? './cairn models' lists them\n");
    expect_failure({"summary", "transformer"}, "unknown model 'transformer'; './cairn models' lists them\n");
    expect_failure({"evaluate", "Simple-CNN", "--weights", "w"}, "unknown model 'Simple-CNN'");
    expect_failure({"gradcheck", "conv2"}, "no op or model 'conv2'; did you mean conv2d?");
}

TEST(Failures, MissingVulkanIsNamed) {
    const CommandResult devices = run_cairn({"devices"});
    if (devices.out.find("no Vulkan backend") == std::string::npos) GTEST_SKIP() << "this build has a Vulkan backend";
    expect_failure({"train", "simple-cnn", "--device", "vulkan"}, "this build of cairn has no Vulkan backend");
}

// A copy of the tiny data set, to be damaged.
std::filesystem::path copy_of_data(const std::string& name) {
    const std::filesystem::path copy = workplace() / name;
    std::filesystem::copy(tiny_data(), copy);
    return copy;
}

// Catches data that is used although it is damaged, and messages that do not name the file.
TEST(Failures, BadDataIsNamed) {
    std::filesystem::create_directory(workplace() / "empty");
    const std::filesystem::path cut = copy_of_data("cut"), label = copy_of_data("label");
    const std::string batch = contents(cut / "data_batch_3.bin");
    write_file(cut / "data_batch_3.bin", batch.substr(0, batch.size() - 1));
    std::string labels = contents(label / "data_batch_2.bin");
    labels[3073] = 10;
    write_file(label / "data_batch_2.bin", labels);

    const std::pair<std::string, std::string> folders[] = {
        {"no-such-folder", "no-such-folder"},
        {"empty", "is empty"},
        {"cut", "data_batch_3.bin holds " + std::to_string(batch.size() - 1) + " bytes"},
        {"label", "data_batch_2.bin: record 1 (byte 3073) has the label 10"},
    };
    for (const auto& [folder, said] : folders) {
        expect_failure({"train", "simple-cnn", "--data", folder}, said);
        expect_failure(
            {"evaluate", "simple-cnn", "--weights", (trained_run() / "model.safetensors").string(), "--data", folder},
            said);
        expect_failure({"data", "info", folder}, said);
    }
    EXPECT_FALSE(std::filesystem::exists(workplace() / "runs")) << "an output folder was left behind";
}

TEST(Failures, BadWeightsAreNamed) {
    const std::string good = (trained_run() / "model.safetensors").string();
    const std::string bytes = contents(good);
    write_file(workplace() / "cut.safetensors", bytes.substr(0, bytes.size() - 1));
    write_file(workplace() / "text.safetensors", "these are not weights");
    cairn::io::write_safetensors(workplace() / "one.safetensors",
                                 {{"dense/kernel", cairn::zeros({2, 2}, cairn::DType::float32, cairn::Device::cpu())}});
    const std::pair<std::string, std::string> files[] = {
        {"no-such-file", "no-such-file"},
        {"cut.safetensors", "cut.safetensors"},
        {"text.safetensors", "text.safetensors"},
        {"one.safetensors", "conv2d/kernel"},
    };
    for (const auto& [file, said] : files) {
        expect_failure({"evaluate", "simple-cnn", "--data", tiny_data(), "--weights", file}, said);
        expect_failure({"predict", "simple-cnn", "--data", tiny_data(), "--logits", "l.safetensors", "--weights", file},
                       said);
    }
    expect_failure({"evaluate", "mlp-l2", "--data", tiny_data(), "--weights", good},
                   "holds the weights of simple-cnn, not of mlp-l2");
}

TEST(Failures, BadPicturesAreNamed) {
    const std::string weights = (trained_run() / "model.safetensors").string();
    write_file(workplace() / "text.png", "this is not a picture");
    for (const char* picture : {"no-such.png", "text.png"})
        expect_failure({"predict", "simple-cnn", "--weights", weights, picture}, picture);
}

// The weights of simple-cnn take 670 KB; the small files before them fit. Catches a training that ends with success although
// the weights are lost, and a half-written file.
TEST(Failures, FullDiskAtTheEndOfTraining) {
    const CommandResult result = train_tiny("full", {}, {.largest_file = 100'000});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, StartsWith("cairn: cannot write full/checkpoint/step-"));
    EXPECT_THAT(result.err, HasSubstr("The training goes on, and earlier checkpoints are kept.\n"));
    EXPECT_THAT(result.err, HasSubstr("\ncairn: cannot write full/model.safetensors: "));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 2) << result.err;
    for (const auto& entry : std::filesystem::directory_iterator(workplace() / "full"))
        EXPECT_THAT(entry.path().filename().string(), Not(StartsWith("model.safetensors")));
    EXPECT_TRUE(std::filesystem::exists(workplace() / "full" / "history.csv"));
}

// Catches an output folder that is tried only after an hour of training.
TEST(Failures, OutputFolderIsTriedFirst) {
    write_file(workplace() / "a-file", "");
    const CommandResult result = train_tiny("a-file/run");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("a-file/run"));
    EXPECT_THAT(result.out, Not(HasSubstr("Epoch")));
}

TEST(Failures, OutputThatCannotBePrinted) {
    const Words words{"/bin/sh", "-c", "\"$0\" models > /dev/full", CAIRN_BINARY};
    const CommandResult result = run_command(words);
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("No space left on device"));
    EXPECT_THAT(result.err, Not(HasSubstr("bug")));
}

// Catches `data make-shapes10` in the folder of a real data set, which would replace it.
TEST(Failures, AnotherDataSetIsNotOverwritten) {
    const std::filesystem::path other = copy_of_data("other");
    write_file(other / "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
    const std::string before = contents(other / "data_batch_1.bin");
    expect_failure({"data", "make-shapes10", "other"}, "choose another folder");
    EXPECT_EQ(contents(other / "data_batch_1.bin"), before);

    std::filesystem::create_directories(workplace() / "outer" / "cifar-10-batches-bin");
    expect_failure({"data", "make-shapes10", "outer"}, "choose another folder");
}

}  // namespace
