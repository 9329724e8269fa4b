// Chapter 5 (notebook B, mlp-l2): one hidden layer with an L2 penalty and dropout. How much of the loss is the penalty, and what
// does it do to the weights?
#include "cairn/app/chapter.h"
#include "chapters/05-mlp-l2/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace cairn::chapters {

namespace {

// Notes what the penalty is after each epoch.
class Penalties final : public train::Callback {
public:
    explicit Penalties(const nn::Model& model) : model_(model) {}
    void on_epoch(const train::EpochRecord&, int) override {
        const Tensor penalty = model_.penalty();
        after_epoch.push_back(penalty.defined() ? penalty.item() : 0);
    }
    std::vector<double> after_epoch;

private:
    const nn::Model& model_;
};

// The validation loss after each epoch, taken apart.
report::Figure stacked_loss(const train::History& history, const Penalties& penalties) {
    std::string csv = "epoch,cross-entropy,penalty\n";
    for (std::size_t e = 0; e < history.epochs.size(); ++e)
        csv += fmt::format("{},{:.5f},{:.5f}\n", e + 1, history.epochs[e].val_loss - penalties.after_epoch[e], penalties.after_epoch[e]);
    return {.name = "stacked-loss",
            .title = "Validation loss of mlp-l2 after each epoch",
            .csv = csv,
            .commands = R"(set xlabel 'epoch'
set ylabel 'loss (nats per image)'
set yrange [0:*]
set xtics 1
set style fill solid noborder
set boxwidth 0.7
set key below horizontal Left reverse samplen 2
plot data using 1:($2 + $3) with boxes lc rgb colours[5] title 'penalty', \
     data using 1:2 with boxes lc rgb colours[1] title 'cross-entropy'
)"};
}

constexpr double widest = 0.15;  // weights farther from 0 are counted in the outermost bins
constexpr std::size_t bins = 61;

// Of the hidden layer's kernel: the share of weights in each bin.
std::vector<double> histogram(const nn::Model& model) {
    const std::vector<float> w = model.parameters().front().parameter->value.to_vector<float>();
    std::vector<double> shares(bins);
    for (const float value : w) {
        const double place = (static_cast<double>(value) / widest + 1) / 2 * static_cast<double>(bins);
        shares[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins) - 1))] += 1 / static_cast<double>(w.size());
    }
    return shares;
}

struct Run {
    std::string name;
    train::Evaluation test;
    double penalty = 0, spread = 0;  // spread: the root of the mean of W²
    std::vector<double> shares;
};

Run judged(const std::string& name, const nn::Model& model, const train::Evaluation& test) {
    double squares = 0;
    const std::vector<float> w = model.parameters().front().parameter->value.to_vector<float>();
    for (const float value : w) squares += static_cast<double>(value) * static_cast<double>(value);
    const Tensor penalty = model.penalty();
    return {name, test, penalty.defined() ? penalty.item() : 0, std::sqrt(squares / static_cast<double>(w.size())), histogram(model)};
}

report::Figure weights_figure(const std::vector<Run>& runs) {
    std::string csv = "weight";
    std::vector<std::string> titles;
    for (const Run& run : runs) csv += "," + run.name, titles.push_back(report::gnuplot_string(run.name));
    for (std::size_t bin = 0; bin < bins; ++bin) {
        csv += fmt::format("\n{:.5f}", ((static_cast<double>(bin) + 0.5) / static_cast<double>(bins) * 2 - 1) * widest);
        for (const Run& run : runs) csv += run.shares[bin] > 0 ? fmt::format(",{:.3g}", run.shares[bin]) : ",";
    }
    return {.name = "weights",
            .title = "The hidden layer's weights after the training",
            .csv = csv + "\n",
            .commands = report::gnuplot_array("titles", titles) + R"(set logscale y
set format y '%g'
set xlabel 'weight'
set ylabel 'share of the weights'
set yrange [1e-6:1.5]
set key below horizontal Left reverse maxcols 2 samplen 3
plot for [i = 1:|titles|] data using 1:i + 1 with linespoints lw 2 ps 0.3 pt 4 + i lc rgb colours[i] title titles[i]
)",
            .width = 700};
}

}  // namespace

void chapter_05(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    nn::Sequential model = mlp_l2(images);
    app::say("{}\n", app::summary_table(model, "mlp-l2"));
    model.initialize(chapter.model_options());

    optim::Adam adam;
    Penalties penalties(model);
    train::FitOptions options = chapter.fit_options({.epochs = 10, .batch_size = 32});
    options.callbacks.push_back(&penalties);
    const train::History history = train::fit(model, adam, data.train, data.test, options);

    const train::Evaluation test = train::evaluate(model, data.test);
    app::say("\n{}", app::score_table({{.name = "mlp-l2", .test = test, .notebook = chapter.notebook("mlp-l2")}}));

    // loss = mean cross-entropy + 0.001 * (sum of the squares of the hidden layer's kernel)
    const double penalty = model.penalty().item();
    app::say("\nThe test loss {:.4f} is a cross-entropy of {:.4f} and a penalty of {:.4f}.\n\n",
             test.loss, test.loss - penalty, penalty);

    for (const report::Figure& figure :
         report::learning_curves("", {"mlp-l2", history.epochs}, chapter.notebook_curves("mlp-l2")))
        chapter.draw(figure);
    chapter.draw(stacked_loss(history, penalties));

    // The same with other penalties, and without one but with weights that decay by themselves.
    std::vector<Run> runs{judged("λ = 0.001", model, test)};
    const auto train_another = [&](const std::string& name, double lambda, double decay) {
        app::say("Training with {}:\n", name);
        nn::Sequential another = mlp_with_penalty(images, lambda);
        another.initialize(chapter.model_options());
        optim::Adam its_adam({.shared = {.weight_decay = decay}});
        train::fit(another, its_adam, data.train, data.test, chapter.fit_options({.epochs = 10, .batch_size = 32}));
        runs.push_back(judged(name, another, train::evaluate(another, data.test)));
        app::say("\n");
    };
    train_another("λ = 0", 0, 0);
    train_another("λ = 0.0001", 1e-4, 0);
    train_another("λ = 0.01", 0.01, 0);
    train_another("decay 0.1 (AdamW)", 0, 0.1);

    app::say("{:18}  test accuracy  cross-entropy  penalty  root of the mean of W²\n", "");
    for (const Run& run : runs)
        app::say("{:18}  {:13.4f}  {:13.4f}  {:7.4f}  {:22.4f}\n", run.name, run.test.accuracy, run.test.loss - run.penalty,
                 run.penalty, run.spread);
    app::say("\n");
    chapter.draw(weights_figure(runs));
}

}  // namespace cairn::chapters
