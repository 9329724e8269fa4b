// The options of cairn train, judged by what they change: the library trains the same model with the same settings in this
// program, and the weights of the two must be equal bit for bit. Both work on the reference device, whose loops they share.
#include "cairn/io/safetensors.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/fit.h"
#include "cli/cli.h"
#include "cli/tiny_model.h"
#include "support/compare.h"

#include <optional>
#include <sstream>
#include <tuple>

namespace {

using namespace cairn::test;
using namespace cairn;
namespace fs = std::filesystem;
using testing::HasSubstr;
using Kind = optim::Schedule::Kind;

// What the options are to mean, with the defaults that --help tells.
struct Settings {
    std::size_t epochs = tiny_epochs;
    std::int64_t batch_size = tiny_batch_size;
    double learning_rate = 0.001;
    optim::Schedule schedule{};
    data::Augmentation augmentation{};
    int early_stopping = 0;
    std::uint64_t seed = 0;
    std::int64_t limit = 0;
    std::string optimizer = "adam";
    std::optional<double> momentum{};
    bool nesterov = false;
    optim::Shared shared{};
    nn::Loss loss{};
    std::vector<double> class_weight{};
    std::vector<std::string> frozen{};
};

using Weights = std::map<std::string, std::vector<float>>;

Weights weights_of(const nn::Model& model) {
    Weights weights;
    for (const auto& [name, parameter] : model.parameters()) weights[name] = parameter->value.to_vector<float>();
    return weights;
}

Weights weights_in(const fs::path& file) {
    Weights weights;
    for (const auto& [name, tensor] : io::read_safetensors(file, backend(Device::reference()).allocator()).tensors)
        weights[name] = tensor.to_vector<float>();
    return weights;
}

// Keeps the weights of the epoch with the best val_accuracy, the first of equal ones.
class Best final : public train::Callback {
public:
    explicit Best(const nn::Model& model) : model_(model) {}

    void on_epoch(const train::EpochRecord& record, int) override {
        if (record.val_accuracy <= accuracy_) return;
        accuracy_ = record.val_accuracy;
        epoch = static_cast<std::size_t>(record.epoch);
        weights = weights_of(model_);
    }

    std::size_t epoch = 0;
    Weights weights;

private:
    const nn::Model& model_;
    double accuracy_ = -1;
};

// What the command must have come to.
struct Trained {
    train::History history;
    Weights weights, best;
    std::size_t best_epoch = 0;
    train::Evaluation test, train;
};

Trained train_here(const Settings& s) {
    data::Split split = data::load_cifar10(tiny_data());
    if (s.limit > 0) split = {split.train.first(s.limit), split.test.first(s.limit)};
    nn::Model model = tiny_model();
    model.initialize({.device = Device::reference(), .seed = s.seed});
    for (const std::string& prefix : s.frozen) model.freeze(prefix);
    const auto optimizer = optim::make_optimizer({.name = s.optimizer,
                                                  .learning_rate = s.learning_rate,
                                                  .momentum = s.momentum,
                                                  .nesterov = s.nesterov,
                                                  .shared = s.shared});
    Best best(model);
    const train::History history = train::fit(model, *optimizer, split.train, split.test,
                                              {.epochs = static_cast<int>(s.epochs),
                                               .batch_size = s.batch_size,
                                               .seed = s.seed,
                                               .callbacks = {&best},
                                               .enough = train::EarlyStopping{s.early_stopping},
                                               .schedule = s.schedule,
                                               .augmentation = s.augmentation,
                                               .loss = s.loss,
                                               .class_weight = s.class_weight});
    return {history,
            weights_of(model),
            best.weights,
            best.epoch,
            train::evaluate(model, split.test, 250, s.loss),
            train::evaluate(model, split.train, 250, s.loss)};
}

CommandResult train_there(const std::string& out, const Words& more) {
    Words words{"train", "tiny", "--data", tiny_data(), "--device", "reference", "--no-report", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return run_mortal(words);
}

// The history as the file must tell it; the two columns of times are left out.
std::string history_text(const train::History& history) {
    std::string text = "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate\n";
    for (const train::EpochRecord& e : history.epochs)
        text += fmt::format("{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6g}\n", e.epoch, e.loss, e.accuracy, e.val_loss,
                            e.val_accuracy, e.learning_rate);
    return text;
}

std::string history_in(const fs::path& run) {
    std::istringstream lines(contents(run / "history.csv"));
    std::string line, text;
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        std::vector<std::string> kept;
        std::string cell;
        for (int column = 0; std::getline(cells, cell, ','); ++column)
            if (column != 5 && column != 6) kept.push_back(cell);
        text += fmt::format("{}\n", fmt::join(kept, ","));
    }
    return text;
}

void expect_scores(const nlohmann::json& written, const train::Evaluation& expected, const std::string& of) {
    EXPECT_NEAR(written["loss"].get<double>(), expected.loss, 1e-5 * expected.loss) << of;  // six digits are written
    EXPECT_NEAR(written["accuracy"].get<double>(), expected.accuracy, 1e-6) << of;
    EXPECT_EQ(written["confusion"].get<std::vector<std::vector<std::int64_t>>>(), [&] {
        std::vector<std::vector<std::int64_t>> rows(10, std::vector<std::int64_t>(10));
        for (int a = 0; a < 10; ++a)
            for (int p = 0; p < 10; ++p) rows[a][p] = expected.confusion.count(a, p);
        return rows;
    }()) << of;
}

struct Case {
    Words words;
    Settings settings;
};

const Case cases[] = {
    {{}, {}},  // all images, the model's epochs and batch size, seed 0
    {{"--epochs", "2"}, {.epochs = 2}},
    {{"--batch-size", "50"}, {.batch_size = 50}},
    {{"--learning-rate", "0.01"}, {.learning_rate = 0.01}},
    {{"--schedule", "step"}, {.schedule = {Kind::step}}},
    {{"--schedule", "cosine"}, {.schedule = {Kind::cosine}}},
    {{"--warmup-epochs", "1.5"}, {.schedule = {Kind::constant, 1.5}}},
    {{"--augment"}, {.augmentation = {.flip = true, .shift = 4}}},
    {{"--seed", "4"}, {.seed = 4}},
    {{"--limit", "60"}, {.limit = 60}},
    {{"--learning-rate", "0.3", "--epochs", "30", "--early-stopping", "2"},
     {.epochs = 30, .learning_rate = 0.3, .early_stopping = 2}},
    {{"--epochs", "8", "--batch-size", "64", "--learning-rate", "0.05", "--save-best"},
     {.epochs = 8, .batch_size = 64, .learning_rate = 0.05}},
    {{"--limit", "40", "--epochs", "4", "--batch-size", "16", "--learning-rate", "2e-3", "--schedule", "cosine",
      "--warmup-epochs", "1", "--augment", "--seed", "18446744073709551615"},
     {.epochs = 4,
      .batch_size = 16,
      .learning_rate = 0.002,
      .schedule = {Kind::cosine, 1},
      .augmentation = {.flip = true, .shift = 4},
      .seed = 18446744073709551615U,
      .limit = 40}},
    {{"--schedule", "polynomial", "--power", "2"}, {.schedule = {.kind = Kind::polynomial, .power = 2}}},
    {{"--schedule", "one-cycle"}, {.schedule = {Kind::one_cycle}}},
    {{"--schedule", "plateau", "--patience", "1", "--learning-rate", "0.5", "--epochs", "6"},
     {.epochs = 6, .learning_rate = 0.5, .schedule = {.kind = Kind::plateau, .patience = 1}}},
    {{"--optimizer", "sgd"}, {.learning_rate = 0.01, .optimizer = "sgd"}},
    {{"--optimizer", "sgd", "--momentum", "0.9"}, {.learning_rate = 0.01, .optimizer = "sgd", .momentum = 0.9}},
    {{"--optimizer", "sgd", "--momentum", "0.9", "--nesterov"},
     {.learning_rate = 0.01, .optimizer = "sgd", .momentum = 0.9, .nesterov = true}},
    {{"--optimizer", "adamw"}, {.optimizer = "adamw"}},
    {{"--optimizer", "adamw", "--weight-decay", "0"}, {.optimizer = "adamw", .shared = {.weight_decay = 0}}},
    {{"--optimizer", "rmsprop", "--momentum", "0.5"}, {.optimizer = "rmsprop", .momentum = 0.5}},
    {{"--optimizer", "adagrad"}, {.optimizer = "adagrad"}},
    {{"--optimizer", "lion"}, {.optimizer = "lion"}},
    {{"--weight-decay", "0.25"}, {.shared = {.weight_decay = 0.25}}},
    {{"--optimizer", "sgd", "--clip-norm", "0.1"},
     {.learning_rate = 0.01, .optimizer = "sgd", .shared = {.global_clipnorm = 0.1}}},
    {{"--ema", "0.875"}, {.shared = {.use_ema = true, .ema_momentum = 0.875}}},
    {{"--loss", "binary_crossentropy"}, {.loss = nn::binary_crossentropy()}},
    {{"--loss", "mean_squared_error"}, {.loss = nn::mean_squared_error()}},
    {{"--loss", "huber"}, {.loss = nn::huber()}},
    {{"--label-smoothing", "0.1"}, {.loss = nn::categorical_crossentropy({.label_smoothing = 0.1})}},
    {{"--class-weights", "1,2,0,1,1,1,1,1,0.5,1"}, {.class_weight = {1, 2, 0, 1, 1, 1, 1, 1, 0.5, 1}}},
    {{"--freeze", "dense/,batch_normalization"}, {.frozen = {"dense/", "batch_normalization"}}},
};

// Catches an option that is read, and perhaps written to config.json, but does not reach the training; a default that is not
// the model's; a seed that decides only the first weights, or only the order of the images; scores of other images.
TEST(TrainOptions, EveryOneChangesTheTrainingAsItSays) {
    const Weights usual = train_here({}).weights;
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        const auto& [words, settings] = cases[i];
        const std::string out = "options" + std::to_string(i), shown = testing::PrintToString(words);
        const CommandResult result = train_there(out, words);
        ASSERT_EQ(result.status, 0) << shown << result.err;
        const Trained expected = train_here(settings);
        const bool is_adam = i == 0 || words == Words{"--optimizer", "adamw", "--weight-decay", "0"};
        EXPECT_EQ(expected.weights != usual, !is_adam) << shown << " must be seen in the weights";
        EXPECT_TRUE(weights_in(workplace() / out / "model.safetensors") == expected.weights) << shown;
        EXPECT_EQ(history_in(workplace() / out), history_text(expected.history)) << shown;
        const nlohmann::json metrics = json_file(workplace() / out / "metrics.json");
        expect_scores(metrics["test"], expected.test, shown + " test");
        expect_scores(metrics["train"], expected.train, shown + " train");
        EXPECT_EQ(metrics["epochs"], expected.history.epochs.size()) << shown;
        const std::int64_t limit = settings.limit == 0 ? 300 : settings.limit;
        for (const auto& [which, scores, images] :
             {std::tuple("test   ", &expected.test, std::min(limit, std::int64_t{100})),
              {"train  ", &expected.train, limit}})
            EXPECT_THAT(result.out,
                        HasSubstr(fmt::format("\n{} loss {:.4f}  accuracy {:.4f}  on {} images of shapes10\n", which,
                                              scores->loss, scores->accuracy, images)))
                << shown;
        EXPECT_EQ(expected.history.epochs.size() < settings.epochs, settings.early_stopping > 0) << shown;
        const fs::path best = workplace() / out / "best.safetensors";
        ASSERT_EQ(fs::exists(best), std::ranges::find(words, "--save-best") != words.end()) << shown;
        if (!fs::exists(best)) continue;
        EXPECT_GT(expected.best_epoch, 1u) << "the first epoch must not be the best";
        EXPECT_LT(expected.best_epoch, settings.epochs) << "the last epoch must not be the best";
        EXPECT_TRUE(weights_in(best) == expected.best) << shown;
    }
}

// Catches a setting that the line about the run does not tell, or tells wrongly.
TEST(TrainOptions, TheHeaderTellsThem) {
    const std::string usual = train_there("header", {"--epochs", "1"}).out;
    EXPECT_THAT(usual, HasSubstr("\nmodel   tiny, 388 parameters\n"));
    EXPECT_THAT(usual, HasSubstr("\nimages  300 for training, 100 for testing\n"));
    EXPECT_THAT(usual,
                HasSubstr("\nrun     1 epoch, batch size 8, adam, learning rate 0.001, seed 0\noutput  header\n"));
    const std::string other =
        train_there("header",
                    {"--limit", "20", "--epochs", "3", "--batch-size", "10", "--learning-rate", "0.02", "--schedule",
                     "cosine", "--warmup-epochs", "0.5", "--augment", "--early-stopping", "2", "--seed", "6"})
            .out;
    EXPECT_THAT(other, HasSubstr("\nimages  20 for training, 20 for testing\n"));
    EXPECT_THAT(other,
                HasSubstr("\nrun     3 epochs, batch size 10, adam, learning rate 0.02, cosine, warm-up 0.5 epochs, "
                          "augmented, early stopping 2, seed 6\noutput  header (replaces the run there)\n"));
}

// Catches a --device or a --threads that is only noted: the description comes from the device that trained. The kernels of cpu
// round otherwise than the reference's loops.
TEST(TrainOptions, DeviceAndThreadsAreThoseThatTrain) {
    Words words{"--limit", "60", "--threads", "3"};
    const CommandResult reference = train_there("device-reference", words);
    words.insert(words.end(), {"--device", "cpu"});
    const CommandResult cpu = train_there("device-cpu", words);
    EXPECT_THAT(reference.out, HasSubstr("\ndevice  reference: "));
    EXPECT_THAT(cpu.out, testing::ContainsRegex("\ndevice  cpu: .*3 threads"));
    EXPECT_THAT(json_file(workplace() / "device-cpu" / "config.json")["hardware"].get<std::string>(),
                HasSubstr("3 threads"));
    EXPECT_FALSE(weights_in(workplace() / "device-cpu" / "model.safetensors") ==
                 weights_in(workplace() / "device-reference" / "model.safetensors"));

    // A run goes on with the threads that it was begun with, and with others only if it is told to.
    for (const auto& [epochs, threads] : {std::pair("4", 3), std::pair("5", 2)}) {
        Words more{"train", "--resume", "device-cpu", "--no-report", "--epochs", epochs};
        if (threads == 2) more.insert(more.end(), {"--threads", "2"});
        const CommandResult result = run_mortal(more);
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_THAT(result.out, HasSubstr(fmt::format("{} threads", threads)));
        EXPECT_EQ(json_file(workplace() / "device-cpu" / "config.json")["threads"], threads);
    }
}

// Catches a --no-report that still draws, and a report that is left out without it.
TEST(TrainOptions, NoReportLeavesOutThePage) {
    for (const bool report : {true, false}) {
        Words words{"train", "tiny", "--data", tiny_data(), "--limit", "10", "--epochs", "1", "--out", "page"};
        if (!report) words.emplace_back("--no-report");
        const CommandResult result = run_mortal(words, {.environment = {{"PATH", "/nowhere"}}});
        ASSERT_EQ(result.status, 0) << result.err;
        EXPECT_EQ(fs::exists(workplace() / "page" / "report.html"), report);
        EXPECT_EQ(fs::exists(workplace() / "page" / "figures" / "accuracy.csv"), report);
        EXPECT_EQ(result.out.find("report.html") != std::string::npos, report);
    }
}

}  // namespace
