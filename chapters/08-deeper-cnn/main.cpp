// Chapter 8 (notebook A, problem 1): original-cnn, and modified-cnn with a fourth convolution. Does the fourth help,
// and whom?
#include "cairn/app/chapter.h"
#include "chapters/08-deeper-cnn/model.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cairn::chapters {

namespace {

// How sure a model is of its wrong answers: of the test images that it gets wrong, how many have which confidence.
constexpr std::size_t bins = 10;
using Confidences = std::array<int, bins>;

Confidences wrong_answers(const std::vector<float>& logits, const data::Dataset& images) {
    const std::size_t classes = images.classes.size();
    Confidences counts{};
    for (std::size_t i = 0; i < images.labels.size(); ++i) {
        const auto row = logits.begin() + static_cast<std::ptrdiff_t>(i * classes), end = row + static_cast<std::ptrdiff_t>(classes);
        const auto top = std::max_element(row, end);
        if (top - row == images.labels[i]) continue;
        double sum = 0;
        for (auto z = row; z != end; ++z) sum += std::exp(static_cast<double>(*z) - static_cast<double>(*top));
        const double confidence = 1 / sum;  // the largest of the probabilities
        ++counts[std::min(static_cast<std::size_t>(confidence * bins), bins - 1)];
    }
    return counts;
}

// Keeps the wrong answers of one epoch in the middle of the training.
class Midway final : public train::Callback {
public:
    Midway(const nn::Model& model, const data::Dataset& test, int epoch) : model_(model), test_(test), epoch_(epoch) {}
    void on_epoch(const train::EpochRecord& record, int) override {
        if (record.epoch == epoch_) confidences = wrong_answers(train::logits(model_, test_), test_);
    }
    Confidences confidences{};

private:
    const nn::Model& model_;
    const data::Dataset& test_;
    int epoch_;
};

struct Result {
    std::string name;
    train::Evaluation on_train, on_test;
    train::History history;
    Confidences midway{}, at_the_end{};
    int middle = 0;  // the epoch of `midway`
};

Result train_and_evaluate(app::Chapter& chapter, const data::Split& data, nn::Model& model, const std::string& name,
                          const std::string& run) {
    app::say("Training {}:\n", name);
    model.initialize(chapter.model_options());
    optim::Adam adam;
    train::FitOptions options = chapter.fit_options({.epochs = 20, .batch_size = 64});
    const int middle = std::max(1, options.epochs * 7 / 20);
    Midway midway(model, data.test, middle);
    options.callbacks.push_back(&midway);
    const train::History history = train::fit(model, adam, data.train, data.test, options);
    app::say("\n");

    for (const report::Figure& figure :
         report::learning_curves(name + "-", {name, history.epochs}, chapter.notebook_curves(run)))
        chapter.draw(figure);
    train::Evaluation on_test = train::evaluate(model, data.test);
    const Confidences at_the_end = wrong_answers(on_test.logits, data.test);
    return {name, train::evaluate(model, data.train), std::move(on_test), history, midway.confidences, at_the_end, middle};
}

// The losses of both models in one picture, with a line at each one's lowest validation loss.
report::Figure losses_figure(const std::vector<Result>& results) {
    std::string csv = "epoch", commands;
    for (const Result& result : results) csv += fmt::format(",{0} training,{0} validation", result.name);
    for (std::size_t e = 0; e < results[0].history.epochs.size(); ++e) {
        csv += fmt::format("\n{}", e + 1);
        for (const Result& result : results)
            csv += fmt::format(",{:.5f},{:.5f}", result.history.epochs[e].loss, result.history.epochs[e].val_loss);
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto lowest = std::ranges::min_element(results[i].history.epochs, {}, &train::EpochRecord::val_loss);
        commands += fmt::format("set arrow from {0}, graph 0 to {0}, graph 1 nohead dt 3 lw 2 lc rgb colours[{1}]\n", lowest->epoch, i + 1);
    }
    return {.name = "losses",
            .title = "Where the two losses part; dotted: the lowest validation loss",
            .csv = csv + "\n",
            .commands = commands + R"(set xlabel 'epoch'
set ylabel 'loss (nats per image)'
set yrange [0:*]
set key below horizontal Left reverse maxcols 2 samplen 3
plot data using 1:2 with lines lw 2 dt 2 lc rgb colours[1] title 'original-cnn, training', \
     data using 1:3 with lines lw 3 lc rgb colours[1] title 'original-cnn, validation', \
     data using 1:4 with lines lw 2 dt 2 lc rgb colours[2] title 'modified-cnn, training', \
     data using 1:5 with lines lw 3 lc rgb colours[2] title 'modified-cnn, validation'
)",
            .width = 760};
}

report::Figure confidence_figure(const Result& result) {
    std::string csv = "confidence,midway,at the end\n";
    for (std::size_t bin = 0; bin < bins; ++bin)
        csv += fmt::format("{:.2f},{},{}\n", (static_cast<double>(bin) + 0.5) / bins, result.midway[bin], result.at_the_end[bin]);
    return {.name = "wrong-answers",
            .title = fmt::format("How sure {} is of its wrong answers", result.name),
            .csv = csv,
            .commands = fmt::format("first = 'after epoch {}'\nlast = 'after epoch {}'\n", result.middle, result.history.epochs.size()) +
                        R"(set xlabel 'probability that it gave to its answer'
set ylabel 'wrong answers'
set xrange [0:1]
set yrange [0:*]
set style fill solid noborder
set key top left Left reverse samplen 2
plot data using ($1 - 0.02):2:(0.038) with boxes lc rgb colours[6] title first, \
     data using ($1 + 0.02):3:(0.038) with boxes lc rgb colours[2] title last
)"};
}

}  // namespace

void chapter_08(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    nn::Sequential original_model = original_cnn(images);
    nn::Sequential modified_model = modified_cnn(images);
    app::say("{}\n", app::summary_table(original_model, "original-cnn"));
    app::say("{}\n", app::summary_table(modified_model, "modified-cnn"));

    const Result original = train_and_evaluate(chapter, data, original_model, "original-cnn", "p1-original");
    const Result modified = train_and_evaluate(chapter, data, modified_model, "modified-cnn", "p1-modified");

    app::say("{}\n", app::score_table({{.name = original.name,
                                        .test = original.on_test,
                                        .train_accuracy = original.on_train.accuracy,
                                        .notebook = chapter.notebook("p1-original")},
                                       {.name = modified.name,
                                        .test = modified.on_test,
                                        .train_accuracy = modified.on_train.accuracy,
                                        .notebook = chapter.notebook("p1-modified")}}));

    chapter.draw(report::confusion_figure("confusion", "Confusion matrices of original-cnn and modified-cnn",
                                          data.train.classes,
                                          {{"original-cnn, training data", original.on_train.confusion},
                                           {"original-cnn, validation data", original.on_test.confusion},
                                           {"modified-cnn, training data", modified.on_train.confusion},
                                           {"modified-cnn, validation data", modified.on_test.confusion}}));
    chapter.draw(losses_figure({original, modified}));
    chapter.draw(confidence_figure(original));
}

}  // namespace cairn::chapters
