// The options of cairn evaluate and cairn predict, and the numbers that they print: the library computes the same in this
// program, from the same weights and on the images that the options name.
#include "cairn/io/png.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/evaluate.h"
#include "cli/cli.h"
#include "cli/tiny_model.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace cairn::test;
using namespace cairn;
using nlohmann::json;
using testing::HasSubstr;

CommandResult judge(const std::string& command, const Words& more) {
    Words words{command, "tiny", "--weights", tiny_weights().string(), "--device", "reference"};
    words.insert(words.end(), more.begin(), more.end());
    CommandResult result = run_mortal(words);
    EXPECT_EQ(result.status, 0) << result.err;
    return result;
}

using Counts = std::vector<std::vector<std::int64_t>>;

// Macro precision, recall and F1 from the counts, a row per actual class.
std::array<double, 3> macro_scores(const Counts& counts) {
    std::array<double, 3> sums{};
    const auto ratio = [](std::int64_t part, std::int64_t whole) {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    for (std::size_t c = 0; c < counts.size(); ++c) {
        std::int64_t actual = 0, predicted = 0;
        for (std::size_t k = 0; k < counts.size(); ++k) actual += counts[c][k], predicted += counts[k][c];
        sums[0] += ratio(counts[c][c], predicted);
        sums[1] += ratio(counts[c][c], actual);
        sums[2] += ratio(2 * counts[c][c], actual + predicted);
    }
    for (double& sum : sums) sum /= static_cast<double>(counts.size());
    return sums;
}

// How often each class was taken for each, by the largest logit.
Counts confusion_of(const std::vector<float>& logits, const std::vector<std::int32_t>& labels) {
    Counts counts(10, std::vector<std::int64_t>(10));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto row = logits.begin() + static_cast<std::ptrdiff_t>(10 * i);
        ++counts[static_cast<std::size_t>(labels[i])][static_cast<std::size_t>(std::max_element(row, row + 10) - row)];
    }
    return counts;
}

struct Judged {
    Words words;
    std::string folder, split;
    std::int64_t limit = 1000;
};

// Catches a --split, --limit, --data or --weights that changes nothing, scores under each other's names, a matrix whose rows
// are the predicted classes, and the class names of another data set.
TEST(Evaluate, ItsOptionsChooseTheImages) {
    const Judged cases[] = {
        {{"--data", tiny_data()}, tiny_data(), "test"},
        {{"--data", tiny_data(), "--split", "train"}, tiny_data(), "train"},
        {{"--data", tiny_data(), "--split", "test", "--limit", "17"}, tiny_data(), "test", 17},
        {{"--data", tiny_data(), "--split", "train", "--limit", "17"}, tiny_data(), "train", 17},
        {{"--data", other_data()}, other_data(), "test"},
    };
    nn::Model model = trained_tiny_model(tiny_weights());
    for (const Judged& c : cases) {
        const std::string shown = testing::PrintToString(c.words);
        Words words = c.words;
        words.emplace_back("--json");
        const json is = json::parse(judge("evaluate", words).out);
        const data::Split all = data::load_cifar10(c.folder);
        const data::Dataset images = (c.split == "train" ? all.train : all.test).first(c.limit);
        const train::Evaluation expected = train::evaluate(model, images);
        const Counts counts = confusion_of(expected.logits, images.labels);
        const auto [precision, recall, f1] = macro_scores(counts);
        std::int64_t right = 0;
        for (std::size_t k = 0; k < 10; ++k) right += counts[k][k];
        EXPECT_EQ(is["model"], "tiny") << shown;
        EXPECT_EQ(is["weights"], tiny_weights().string()) << shown;
        EXPECT_EQ(is["dataset"], images.name) << shown;
        EXPECT_EQ(is["split"], c.split) << shown;
        EXPECT_EQ(is["images"], images.size()) << shown;
        EXPECT_EQ(is["classes"], images.classes) << shown;
        EXPECT_EQ(is["confusion"].get<Counts>(), counts) << shown;
        EXPECT_NEAR(is["loss"].get<double>(), expected.loss, 1e-12) << shown;
        EXPECT_NEAR(is["accuracy"].get<double>(), static_cast<double>(right) / static_cast<double>(images.size()),
                    1e-12)
            << shown;
        EXPECT_NEAR(is["precision"].get<double>(), precision, 1e-12) << shown;
        EXPECT_NEAR(is["recall"].get<double>(), recall, 1e-12) << shown;
        EXPECT_NEAR(is["f1"].get<double>(), f1, 1e-12) << shown;
    }
}

// The text has the numbers of the JSON. On the training images of another size than the test's, precision and recall differ.
TEST(Evaluate, ItsTextHasTheSameNumbers) {
    const Words words{"--data", tiny_data(), "--split", "train", "--limit", "171"};
    Words as_json = words;
    as_json.emplace_back("--json");
    const json is = json::parse(judge("evaluate", as_json).out);
    const std::string text = judge("evaluate", words).out;
    EXPECT_NE(is["precision"], is["recall"]);
    EXPECT_THAT(text, HasSubstr(" on 171 train images\n"));
    EXPECT_THAT(text, HasSubstr(fmt::format("\nloss {:.4f}  accuracy {:.4f}\n", is["loss"].get<double>(),
                                            is["accuracy"].get<double>())));
    EXPECT_THAT(text, HasSubstr(fmt::format("\nmacro precision {:.4f}  recall {:.4f}  F1 {:.4f}\n",
                                            is["precision"].get<double>(), is["recall"].get<double>(),
                                            is["f1"].get<double>())));
    for (std::size_t c = 0; c < 10; ++c) {
        const std::string name = is["classes"][c];
        Words row{name};
        for (const json& count : is["confusion"][c]) row.push_back(count.dump());
        EXPECT_EQ(words_of(line_with(text, name + " ")), row);
    }
}

// Catches a --limit or a --data that changes nothing, and logits of the training images or in another order.
TEST(Predict, ItsOptionsChooseTheLogits) {
    nn::Model model = trained_tiny_model(tiny_weights());
    const Judged cases[] = {{{"--data", tiny_data()}, tiny_data(), "test"},
                            {{"--data", other_data()}, other_data(), "test"},
                            {{"--data", tiny_data(), "--limit", "9"}, tiny_data(), "test", 9}};
    for (const Judged& c : cases) {
        Words words = c.words;
        words.insert(words.end(), {"--logits", "l.safetensors"});
        const CommandResult result = judge("predict", words);
        const data::Dataset images = data::load_cifar10(c.folder).test.first(c.limit);
        EXPECT_THAT(result.out,
                    HasSubstr(fmt::format("wrote l.safetensors: logits ({}, 10) of the test images", images.size())));
        const io::NamedTensors written =
            io::read_safetensors(workplace() / "l.safetensors", backend(Device::reference()).allocator()).tensors;
        EXPECT_TRUE(written.at(0).second.to_vector<float>() == train::logits(model, images))
            << testing::PrintToString(c.words);
        EXPECT_TRUE(written.at(1).second.to_vector<std::int32_t>() == images.labels);
    }
}

struct Guess {
    std::string name;
    double probability = 0;
};

// The classes of an image, the likeliest first.
std::vector<Guess> guesses(const std::vector<float>& logits, std::size_t image,
                           const std::vector<std::string>& classes) {
    std::vector<Guess> all;
    double sum = 0;
    for (std::size_t c = 0; c < 10; ++c) sum += std::exp(static_cast<double>(logits[10 * image + c]));
    for (std::size_t c = 0; c < 10; ++c)
        all.push_back({classes[c], std::exp(static_cast<double>(logits[10 * image + c])) / sum});
    std::ranges::sort(all, std::greater(), &Guess::probability);
    return all;
}

// Catches probabilities under other classes' names or of another picture, an order from the unlikeliest on, percentages that
// are shares, and bars of another length.
TEST(Predict, GivesEveryPictureItsOwnProbabilities) {
    data::Dataset images = data::load_cifar10(tiny_data()).test.first(3);
    Words files;
    for (std::int64_t i = 0; i < 3; ++i) {
        const auto pixels = images.image(i);
        files.push_back(fmt::format("picture{}.png", i));
        io::write_png(workplace() / files.back(), {32, 32, {pixels.begin(), pixels.end()}});
    }
    const std::vector<float> logits = train::logits(trained_tiny_model(tiny_weights()), images);
    Words as_json = files;
    as_json.emplace_back("--json");
    const json is = json::parse(judge("predict", as_json).out);
    const std::string text = judge("predict", files).out;
    ASSERT_EQ(is.size(), 3u);
    std::string expected_text;
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(is[i]["picture"], files[i]);
        const std::vector<Guess> expected = guesses(logits, i, images.classes);
        ASSERT_EQ(is[i]["classes"].size(), 10u);
        EXPECT_GT(expected[0].probability, expected[9].probability + 0.05) << "too alike to see a bar";
        std::istringstream lines(text.substr(text.find(files[i])));
        std::string line;
        std::getline(lines, line);
        EXPECT_EQ(line, files[i]);
        for (std::size_t c = 0; c < 10; ++c) {
            EXPECT_EQ(is[i]["classes"][c]["class"], expected[c].name) << i << c;
            EXPECT_NEAR(is[i]["classes"][c]["probability"].get<double>(), expected[c].probability, 1e-6) << i << c;
            const double probability = is[i]["classes"][c]["probability"];
            Words row{expected[c].name, fmt::format("{:.1f}%", 100 * probability)};
            if (const auto width = static_cast<std::size_t>(std::lround(40 * probability)); width > 0)
                row.emplace_back(width, '#');
            std::getline(lines, line);
            EXPECT_EQ(words_of(line), row);
        }
    }
}

// Catches a folder whose first bad picture hides the others, and a remedy that does not help.
TEST(Predict, NamesAllBadPicturesOfAFolder) {
    const std::filesystem::path folder = workplace() / "some-bad";
    make_folder(folder);
    io::write_png(folder / "good.png", {2, 2, std::vector<std::uint8_t>(12, 7)});
    write_file(folder / "bad1.png", "no picture");
    write_file(folder / "bad2.jpg", "no picture");
    const CommandResult refused = run_mortal({"predict", "tiny", "--weights", tiny_weights(), folder.string()});
    EXPECT_EQ(refused.status, 1);
    for (const char* part : {"2 of 3 pictures cannot be read", "bad1.png", "bad2.jpg", "--skip-bad"})
        EXPECT_THAT(refused.err, HasSubstr(part));
    const CommandResult rest = judge("predict", {folder.string(), "--skip-bad"});
    EXPECT_EQ(rest.status, 0) << rest.err;
    EXPECT_THAT(rest.out, HasSubstr("good.png"));
}

}  // namespace
