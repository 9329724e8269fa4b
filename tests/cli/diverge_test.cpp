// cairn diverge on the command line; tests/train/diverge_test.cpp judges what it finds.
#include "cairn/train/diverge.h"
#include "cairn/backend/devices.h"
#include "cli/cli.h"
#include "cli/tiny_model.h"

namespace {

using namespace cairn::test;
using nlohmann::json;
using testing::HasSubstr;

CommandResult diverge(const Words& more) {
    Words words{"diverge", "tiny", "--left", "reference", "--right", "cpu", "--data", tiny_data(), "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return run_mortal(words);
}

json diverge_json(Words more, int status = 0) {
    more.emplace_back("--json");
    const CommandResult result = diverge(more);
    EXPECT_EQ(result.status, status) << testing::PrintToString(more) << result.err;
    return json::parse(result.out);
}

// Catches sides that are swapped or compared with themselves, a precision that is only printed, and an option that does not
// reach the comparison.
TEST(Diverge, ItsOptionsChooseTheSidesAndTheSteps) {
    const json usual = diverge_json({});
    EXPECT_EQ(usual["left"], "reference float32");
    EXPECT_EQ(usual["right"], "cpu float32");
    EXPECT_EQ(usual["agree"], true);
    EXPECT_TRUE(usual["first"].is_null());
    EXPECT_EQ(usual["compared"], usual["tensors"].size());
    const json first = usual["tensors"][0];
    EXPECT_EQ(first["tensor"], "images");
    EXPECT_EQ(first["shape"], "(8, 32, 32, 3)");
    EXPECT_EQ(first["step"], 1);
    EXPECT_EQ(first["bound"], 1e-4);
    const cairn::data::Split split = cairn::data::load_cifar10(tiny_data());
    ASSERT_NE(split.train.images[0], split.test.images[0]);
    EXPECT_NEAR(first["left"].get<double>(), split.train.images[0] / 255.0, 1e-6) << "of the first training image";
    double worst = 0;
    for (const json& tensor : usual["tensors"]) worst = std::max(worst, tensor["error"].get<double>());
    EXPECT_GT(worst, 0) << "the two sides are the same";
    EXPECT_LT(worst, 1e-5);

    const json same = diverge_json({"--left", "cpu"});
    EXPECT_EQ(same["left"], "cpu float32");
    for (const json& tensor : same["tensors"]) EXPECT_EQ(tensor["error"], 0.0);
    EXPECT_EQ(diverge_json({"--right", "reference"})["right"], "reference float32");
    EXPECT_EQ(diverge_json({"--left-dtype", "float64"})["left"], "reference float64");
    EXPECT_EQ(diverge_json({"--right-dtype", "float64"})["right"], "cpu float64");
    const json both = diverge_json({"--left-dtype", "float64", "--right-dtype", "float64"});
    EXPECT_EQ(both["tensors"][0]["bound"], 1e-11);

    EXPECT_EQ(diverge_json({"--batch-size", "5"})["tensors"][0]["shape"], "(5, 32, 32, 3)");
    EXPECT_EQ(diverge_json({"--limit", "3"})["tensors"][0]["shape"], "(3, 32, 32, 3)");
    const json twice = diverge_json({"--steps", "2"});
    EXPECT_EQ(twice["compared"], 2 * usual["compared"].get<int>());
    for (const Words& other : {Words{"--seed", "1"}, Words{"--data", other_data()}}) {
        const json changed = diverge_json(other)["tensors"];
        ASSERT_EQ(changed.size(), usual["tensors"].size());
        EXPECT_NE(changed.back()["left"], usual["tensors"].back()["left"]) << other[0];
    }
}

// The library compares the same sides with the same seed, and every number must be the same. Catches a seed that
// decides the weights and not the dropout masks, or the masks alone, and a field that holds another one's number.
TEST(Diverge, TellsWhatTheLibraryFound) {
    using namespace cairn;
    const json found = diverge_json({"--right", "reference", "--right-dtype", "float64", "--seed", "4"})["tensors"];
    nn::Model left = tiny_model(), right = tiny_model();
    left.initialize({.device = Device::reference(), .seed = 4});
    right.initialize({.device = Device::reference(), .dtype = DType::float64, .seed = 4});
    const data::Split split = data::load_cifar10(tiny_data());
    const auto compare = [&](std::uint64_t seed) {
        return train::diverge(left, right, split.train, {.batch_size = 8, .seed = seed}).worst;
    };
    const std::vector<train::Comparison> expected = compare(4);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const train::Comparison& e = expected[i];
        const json& f = found[i];
        const json wanted{{"pass", e.pass},         {"layer", e.layer}, {"op", e.op},       {"tensor", e.tensor},
                          {"shape", e.shape.str()}, {"error", e.error}, {"bound", e.bound}, {"index", e.index},
                          {"left", e.left},         {"right", e.right}};
        for (const auto& [field, value] : wanted.items()) EXPECT_EQ(f[field], value) << e.layer << " " << e.tensor;
    }
}

// Catches a position of another element: counted from the position, it must be the index, in tensors of any shape.
TEST(Diverge, ThePositionIsTheIndexOfTheElement) {
    const json found = diverge_json({"--right-dtype", "float64"})["tensors"];
    int beyond_the_first_row = 0;
    for (const json& tensor : found) {
        const auto numbers_of = [&](const char* field) {
            std::string text = tensor[field];
            for (char& c : text)
                if (std::string_view("(),").find(c) != std::string_view::npos) c = ' ';
            std::istringstream in(text);
            return std::vector<std::int64_t>{std::istream_iterator<std::int64_t>(in), {}};
        };
        const std::vector<std::int64_t> shape = numbers_of("shape"), position = numbers_of("position");
        ASSERT_EQ(shape.size(), position.size()) << tensor;
        std::int64_t index = 0;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            EXPECT_LT(position[axis], shape[axis]) << tensor;
            index = index * shape[axis] + position[axis];
        }
        EXPECT_EQ(index, tensor["index"]) << tensor;
        beyond_the_first_row += shape.size() > 1 && index >= shape.back();
    }
    EXPECT_GT(beyond_the_first_row, 3);
}

// Catches a bound that is not used, a difference that is no failure, and a comparison that ends at the first with --all or goes
// on without.
TEST(Diverge, PartsWhereTheErrorExceedsTheBound) {
    const json parted = diverge_json({"--bound", "1e-12"}, 1), all = diverge_json({"--bound", "1e-12", "--all"}, 1);
    EXPECT_EQ(parted["agree"], false);
    EXPECT_EQ(parted["first"]["bound"], 1e-12);
    EXPECT_GT(parted["first"]["error"], 1e-12);
    EXPECT_EQ(parted["first"]["parted"], true);
    EXPECT_EQ(parted["tensors"].back(), parted["first"]);
    EXPECT_EQ(all["first"], parted["first"]);
    EXPECT_GT(all["tensors"].size(), parted["tensors"].size());

    const CommandResult text = diverge({"--bound", "1e-12"});
    EXPECT_EQ(text.status, 1);
    const json& f = parted["first"];
    EXPECT_THAT(text.out, HasSubstr(fmt::format("The sides part in step 1, {} of {} ({}), in its {} {}\n",
                                                f["pass"].get<std::string>(), f["layer"].get<std::string>(),
                                                f["op"].get<std::string>(), f["tensor"].get<std::string>(),
                                                f["shape"].get<std::string>())));
    EXPECT_THAT(text.out, HasSubstr(fmt::format("error {:.2e}, bound 1e-12; the largest difference at {}\n"
                                                "  left  {:.9g}\n  right {:.9g}\n",
                                                f["error"].get<double>(), f["position"].get<std::string>(),
                                                f["left"].get<double>(), f["right"].get<double>())));
    const std::string listed = diverge({"--bound", "1e-12", "--all"}).out;
    for (const json& tensor : all["tensors"])
        EXPECT_EQ(line_with(listed, tensor["pass"].get<std::string>()).empty(), false);
    EXPECT_THAT(listed, testing::ContainsRegex("\nforward +dense +dense +output +[0-9.]+e-[0-9]+ +1e-12 +PARTED\n"));
    EXPECT_THAT(listed, testing::ContainsRegex("\nforward +flatten +reshape +output +0.0e.00 +1e-12\n"));
    EXPECT_THAT(diverge({}).out,
                testing::ContainsRegex("\nThe sides agree: [0-9]+ tensors compared in 1 step; nearest"));
}

}  // namespace
