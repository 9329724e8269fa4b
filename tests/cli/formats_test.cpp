// Data sets of other shapes than CIFAR-10's through the whole command line: train, report, resume, evaluate, predict, data.
#include "cli/cli.h"
#include "data/format_files.h"
#include "support/http_server.h"

#include "cairn/core/process.h"
#include "cairn/data/bundle.h"
#include "cairn/data/load.h"
#include "cairn/io/png.h"

#include <algorithm>

namespace {

using namespace cairn::test;
using cairn::test::write_jpeg;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

// weights/README.md promises a little more.
constexpr double ready_made_accuracy = 0.75;

CommandResult expect_done(const CommandResult& result) {
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    return result;
}

std::string cifar100() {
    static const std::string folder = write_cifar100(workplace() / "hundred", 200, 100).string();
    return folder;
}
std::string digits() {
    static const std::string folder = write_mnist(workplace() / "digits", 120, 60, true).string();
    return folder;
}
std::string pets() {
    static const std::string folder = write_pets(workplace() / "pets", 20).string();
    return folder;
}

// The folder of a run of simple-cnn on the pets, as 20 x 24 images.
std::string pets_run() {
    static const std::string folder = [] {
        expect_done(run_cairn({"train", "simple-cnn", "--data", pets(), "--image-size", "20x24", "--epochs", "3",
                               "--batch-size", "4", "--no-report", "--out", "pets-run"}));
        return (workplace() / "pets-run").string();
    }();
    return folder;
}

void expect_whole_run(const fs::path& run, const std::string& dataset, std::size_t classes,
                      const std::vector<int>& shape) {
    const json config = json_file(run / "config.json"), metrics = json_file(run / "metrics.json");
    EXPECT_EQ(config["dataset"], dataset);
    EXPECT_EQ(config["image_shape"], json(shape));
    EXPECT_EQ(config["classes"].size(), classes);
    EXPECT_EQ(metrics["test"]["confusion"].size(), classes);
    const std::string html = contents(run / "report.html");
    EXPECT_THAT(html, HasSubstr("<h1>simple-cnn on " + dataset + "</h1>"));
    EXPECT_THAT(html, Not(HasSubstr("not CIFAR-10")));
    for (const char* figure : {"accuracy", "confusion", "mistakes", "filters"})
        EXPECT_TRUE(fs::exists(run / "figures" / (std::string(figure) + ".csv"))) << figure;
}

// Catches ten classes, three channels or 32 pixels that are taken for granted anywhere between the files and the report.
TEST(Formats, Cifar100TrainsAndReports) {
    expect_done(
        run_cairn({"train", "simple-cnn", "--data", cifar100(), "--epochs", "1", "--augment", "--out", "hundred-run"}));
    expect_whole_run(workplace() / "hundred-run", "images100", 100, {32, 32, 3});
    EXPECT_TRUE(fs::exists(workplace() / "hundred-run/figures/confusion-pixels.png"));
    expect_done(run_cairn(
        {"train", "simple-cnn", "--data", cifar100(), "--labels", "coarse", "--epochs", "1", "--out", "twenty-run"}));
    expect_whole_run(workplace() / "twenty-run", "images20", 20, {32, 32, 3});
    const CommandResult judged = expect_done(run_cairn({"evaluate", "--weights", "hundred-run", "--data", cifar100()}));
    EXPECT_THAT(judged.out, HasSubstr("most common of"));
    EXPECT_THAT(judged.out, HasSubstr("fine_"));
}

TEST(Formats, MnistTrainsAndReports) {
    expect_done(
        run_cairn({"train", "simple-cnn", "--data", digits(), "--epochs", "1", "--augment", "--out", "digits-run"}));
    expect_whole_run(workplace() / "digits-run", "digits", 10, {28, 28, 1});
    EXPECT_THAT(contents(workplace() / "digits-run/figures/filters.csv"), HasSubstr("filter,row,column,grey\n"));
    EXPECT_THAT(expect_done(run_cairn({"summary", "simple-cnn", "--data", digits()})).out,
                HasSubstr("(None, 26, 26, 32)"));
    EXPECT_THAT(run_cairn({"train", "resnet", "--data", digits(), "--epochs", "1", "--limit", "0"}).err,
                HasSubstr("--limit"));
    // A model that its data shape is checked in that shape; the small one, since each parameter takes a pass.
    const CommandResult checked = run_mortal({"gradcheck", "tiny", "--data", cifar100()});
    EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
    const CommandResult narrow = run_mortal({"gradcheck", "tiny", "--data", pets(), "--image-size", "4x4"});
    EXPECT_EQ(narrow.status, 1) << "its windows are of 8 x 8 pixels";
    EXPECT_THAT(narrow.err, HasSubstr("4, 4, 3)"));
}

// Catches images of another kind that are found out by the shapes of some layer's tensors alone.
TEST(Formats, ImagesOfAnotherKindAreNamedInWords) {
    const CommandResult judged = run_cairn({"evaluate", "--data", digits()});
    EXPECT_EQ(judged.status, 1);
    EXPECT_THAT(judged.err, HasSubstr("these weights take colour pictures of 32 x 32 pixels, like cifar-10's, but "
                                      "digits has grey pictures of 28 x 28 pixels; name data of that kind, or train"));
    const CommandResult begun =
        run_cairn({"train", "simple-cnn", "--data", digits(), "--weights",
                   (fs::path(CAIRN_SOURCE_DIR) / "weights/simple-cnn.safetensors").string(), "--out", "never"});
    EXPECT_EQ(begun.status, 1);
    EXPECT_THAT(begun.err, HasSubstr("the model, made for grey pictures of 28 x 28 pixels while these weights are for "
                                     "colour pictures of 32 x 32 pixels, needs (3, 3, 1, 32)"));
    EXPECT_FALSE(fs::exists(workplace() / "never"));
}

// Catches options of the reading that a run forgets: its images would be others when it goes on.
TEST(Formats, ARunOnPicturesGoesOn) {
    const std::string run = pets_run();
    const json config = json_file(fs::path(run) / "config.json");
    EXPECT_EQ(config["image_size"], json({20, 24}));
    EXPECT_EQ(config["classes"], json({"cat", "dog"}));
    expect_done(run_cairn({"train", "--resume", run, "--epochs", "4", "--no-report"}));
    EXPECT_EQ(json_file(fs::path(run) / "metrics.json")["epochs"], 4);
    const CommandResult other = run_cairn({"train", "--resume", run, "--epochs", "5", "--image-size", "8x8"});
    EXPECT_EQ(other.status, 1);
    EXPECT_THAT(other.err, HasSubstr("cannot go on with --image-size 8x8 (it was begun with 20x24)"));
}

// Catches images of another size than the model's, a model that must be named although the file names it, and a warning that is lost
// with --json.
TEST(Formats, EvaluateTakesARunsFolderAndAnySetWithTheSameClasses) {
    const json own =
        json::parse(expect_done(run_cairn({"evaluate", "--weights", pets_run(), "--data", pets(), "--json"})).out);
    EXPECT_EQ(own["model"], "simple-cnn");
    EXPECT_EQ(own["accuracy"], json_file(fs::path(pets_run()) / "metrics.json")["test"]["accuracy"]);
    fs::copy(pets(), workplace() / "others-pets", fs::copy_options::recursive);
    fs::rename(workplace() / "others-pets/cat", workplace() / "others-pets/hund");
    const CommandResult other =
        expect_done(run_cairn({"evaluate", "--weights", pets_run(), "--data", "others-pets", "--json"}));
    EXPECT_TRUE(json::accept(other.out)) << other.out;
    EXPECT_THAT(other.err,
                HasSubstr("whose classes have other names: class 0 is 'cat' there and 'dog' in others-pets"));
    const CommandResult more = run_cairn({"evaluate", "--weights", pets_run(), "--data", tiny_data()});
    EXPECT_EQ(more.status, 1);
    EXPECT_THAT(more.err, HasSubstr("these weights tell 2 classes of pets apart, but shapes10 has 10"));
}

// Catches pictures in a folder that are not found, rows of other pictures, and more classes than were asked for.
TEST(Formats, PredictReadsFoldersAndPrintsTablesAndCsv) {
    const CommandResult csv =
        expect_done(run_cairn({"predict", "--weights", pets_run(), pets() + "/dog", "--csv", "--top", "1"}));
    EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 21);
    EXPECT_THAT(csv.out, testing::StartsWith("picture,rank,class,probability\n" + pets() + "/dog/000.jpg,1,"));
    const CommandResult table = expect_done(run_cairn({"predict", "--weights", pets_run(), pets()}));
    EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 41) << table.out;
    EXPECT_THAT(table.out, ContainsRegex("\n[^\n]*/cat/000.png +(cat|dog) +[0-9.]+% +(cat|dog) +[0-9.]+%\n"));
    const json all = json::parse(expect_done(run_cairn({"predict", "simple-cnn", "--weights", pets_run(),
                                                        pets() + "/cat/000.png", "--json", "--top", "1"}))
                                     .out);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0]["classes"].size(), 1u);
    EXPECT_EQ(run_cairn({"predict", "mlp-l2", "--weights", pets_run(), pets() + "/cat/000.png"}).status, 1);
    EXPECT_THAT(run_cairn({"predict", "simple-cn", "a.png"}).err, HasSubstr("did you mean simple-cnn?"));
    EXPECT_THAT(run_cairn({"predict", "--weights", pets_run(), "gone.jpg"}).err, HasSubstr("gone.jpg"));
    // A model of grey images takes a picture in colour.
    expect_done(
        run_cairn({"train", "mlp-l2", "--data", digits(), "--epochs", "1", "--no-report", "--out", "grey-run"}));
    EXPECT_THAT(expect_done(run_cairn({"predict", "--weights", "grey-run", pets() + "/dog/000.jpg"})).out,
                HasSubstr("\n  7 "));
}

// Catches ready-made weights that are missing, of other classes, or worse than weights/README.md says.
TEST(Formats, ReadyMadeWeightsWorkAtOnce) {
    const json guesses = json::parse(expect_done(run_cairn({"predict", pets() + "/cat/000.png", "--json"})).out);
    ASSERT_EQ(guesses[0]["classes"].size(), 10u);
    const CommandResult shapes = expect_done(run_cairn({"evaluate", "--data", tiny_data()}));
    EXPECT_THAT(shapes.err,
                HasSubstr("trained on cifar-10, whose classes have other names: class 0 is 'airplane' there"));
    EXPECT_LE(fs::file_size(fs::path(CAIRN_SOURCE_DIR) / "weights/simple-cnn.safetensors"), 700'000u);
    EXPECT_EQ(run_cairn({"evaluate", "mlp-l2"}).status, 2) << "no weights come with it";
    const char* const folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    const json judged = json::parse(expect_done(run_cairn({"evaluate", "--data", folder, "--json"})).out);
    EXPECT_GT(judged["accuracy"], ready_made_accuracy);
}

// Catches an import that changes images, and an OUT that somebody else's files are in.
TEST(Formats, ImportedPicturesAreTheSameImages) {
    expect_done(run_cairn({"data", "import", pets(), "imported", "--image-size", "9x11"}));
    const cairn::data::Split imported = cairn::data::load(workplace() / "imported").split,
                             read = cairn::data::load(pets(), {.image_size = {9, 11}}).split;
    EXPECT_EQ(imported.train.description(), read.train.description());
    EXPECT_TRUE(imported.train.images == read.train.images);
    EXPECT_TRUE(imported.test.labels == read.test.labels);
    expect_done(run_cairn({"data", "import", pets(), "imported"}));
    cairn::write_file(workplace() / "mine.txt", "x");
    const CommandResult refused = run_cairn({"data", "import", pets(), "."});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("choose another folder"));
}

// Catches counts of another part, a mean over three channels of grey images, and a sheet of the wrong size.
TEST(Formats, InfoDescribesAnySet) {
    const json info = json::parse(expect_done(run_cairn({"data", "info", digits(), "--json"})).out);
    EXPECT_EQ(info["name"], "digits");
    EXPECT_EQ(info["image_shape"], json({28, 28, 1}));
    EXPECT_EQ(info["train"]["images"], 120);
    EXPECT_EQ(info["test"]["per_class"], json(std::vector<int>(10, 6)));
    ASSERT_EQ(info["train"]["mean"].size(), 1u);
    EXPECT_NEAR(info["train"]["mean"][0].get<double>(), (59.5 * 783 + 255) / 784 / 255, 1e-9);
    EXPECT_THAT(expect_done(run_cairn({"data", "info", digits()})).out, HasSubstr("\ngrey "));
    // Without DIR it is what the other commands take.
    const CommandResult drawn = expect_done(run_cairn({"data", "info"}));
    EXPECT_THAT(drawn.out, testing::StartsWith("Data: shapes10, 10000 training"));
    EXPECT_THAT(drawn.out, HasSubstr("\nshapes10 drawn by cairn: images (32, 32, 3), 10 classes\n"));
    expect_done(run_cairn({"data", "info", pets(), "--png", "sheet.png"}));
    const cairn::io::Image sheet = cairn::io::read_png(workplace() / "sheet.png");
    // As wide as "cat" and "dog" need, so that the sheet has no empty margin.
    const bool with_names = fs::exists("/usr/bin/gnuplot");
    if (with_names) EXPECT_EQ(sheet.width, 2 * (16 + 3 * 9 + 10 * (64 + 4)));
    else EXPECT_EQ(sheet.width, 10 * (64 + 4));
}

// Catches a download that is believed because it has the right name, and a --from that is not used.
TEST(Formats, FetchChecksWhatArrives) {
    if (!cairn::run_program({"curl", "--version"})) GTEST_SKIP() << "NOT TESTED: curl is not installed";
    write_mnist(workplace() / "www", 30, 20, true);
    const HttpServer server(workplace() / "www");
    const CommandResult result = run_cairn({"data", "fetch", "mnist", "fetched", "--from", server.address()});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(server.requests(), 1);
    EXPECT_THAT(result.err, HasSubstr("train-images-idx3-ubyte.gz is not the file that was published: its SHA-256 is"));
    EXPECT_TRUE(fs::is_empty(workplace() / "fetched"));
    EXPECT_EQ(run_cairn({"data", "fetch", "imagenet", "fetched"}).status, 2);
}

}  // namespace
