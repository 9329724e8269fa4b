// Weights that hold NaN, or that learned other classes than the data have.
#include "cairn/backend/devices.h"
#include "cairn/io/png.h"
#include "cairn/io/safetensors.h"
#include "cli/cli.h"
#include "support/picture_files.h"

#include <limits>

namespace {

using namespace cairn::test;
using cairn::write_file;
using testing::HasSubstr;
namespace fs = std::filesystem;
namespace io = cairn::io;

// Catches weights with a NaN that are judged as if they were any others.
TEST(NotFinite, WeightsAreRefusedUnlessTheyAreAskedFor) {
    io::Safetensors content = io::read_safetensors(tiny_weights(), cairn::backend(cairn::Device::cpu()).allocator());
    const std::string file = (workplace() / "nan.safetensors").string();
    for (auto& [name, tensor] : content.tensors)
        if (name == "dense_1/bias") {
            std::vector<float> values = tensor.to_vector<float>();
            values[3] = std::numeric_limits<float>::quiet_NaN();
            tensor = cairn::from_values(tensor.shape(), values, cairn::Device::cpu());
        }
    io::write_safetensors(file, content.tensors, content.metadata);
    const fs::path picture = workplace() / "nan.png";
    io::write_png(picture, plain_picture(32, 32, {10, 20, 30}));
    for (Words words : std::initializer_list<Words>{{"evaluate", "--data", tiny_data()},
                                                    {"evaluate", "--json", "--data", tiny_data()},
                                                    {"predict", picture.string()},
                                                    {"predict", "--csv", picture.string()},
                                                    {"grads", "--out", "nan-g.safetensors", "--data", tiny_data()}}) {
        words.insert(words.end(), {"--weights", file});
        const CommandResult refused = run_mortal(words);
        EXPECT_EQ(refused.status, 1) << testing::PrintToString(words);
        EXPECT_THAT(refused.err,
                    HasSubstr("dense_1/bias' holds 1 of 10 numbers that are not finite; the first is nan at [3]"));
        words.push_back("--allow-nonfinite");
        const CommandResult allowed = run_mortal(words);
        EXPECT_EQ(allowed.status, 0) << testing::PrintToString(words) << allowed.err;
    }
}

// The same labels under other names, or in another order, are said to be so, also to a program that reads JSON.
TEST(ClassNames, OfOtherDataAreWarnedOfAlsoWithJson) {
    fs::copy(tiny_data(), workplace() / "renamed");
    write_file(workplace() / "renamed" / "batches.meta.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    for (const bool json : {false, true}) {
        Words words{"evaluate", "--weights", tiny_weights().string(), "--data", "renamed"};
        if (json) words.emplace_back("--json");
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_THAT(result.err,
                    HasSubstr("warning: these weights were trained on shapes10, whose classes have other names"));
        if (json) {
            EXPECT_NO_THROW(nlohmann::json::parse(result.out));
        }
    }
}

}  // namespace
