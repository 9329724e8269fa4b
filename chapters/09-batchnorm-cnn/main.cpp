// Chapter 9 (notebook A, problem 2): original-cnn with and without batch normalization, both trained afresh. What does
// it change, and what does it cost?
#include "cairn/app/chapter.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/activations.h"
#include "chapters/09-batchnorm-cnn/model.h"

namespace cairn::chapters {

namespace {

// Looks at the activations when the first epoch has ended.
class AfterOneEpoch final : public train::Callback {
public:
    AfterOneEpoch(const nn::Model& model, const data::Dataset& images) : model_(model), images_(images) {}
    void on_epoch(const train::EpochRecord& record, int) override {
        if (record.epoch == 1) seen = activations(model_, images_);
    }
    std::vector<Spread> seen;

private:
    const nn::Model& model_;
    const data::Dataset& images_;
};

struct Trained {
    train::History history{};
    std::vector<Spread> at_start{}, after_one_epoch{};
};

// Trains with Adam at ten times the rate, which is Keras's 0.001, and says what came of it.
void train_faster(app::Chapter& chapter, nn::Model& model, const std::string& name, const data::Split& data) {
    model.initialize(chapter.model_options());
    optim::Adam adam({.learning_rate = 0.01});
    try {
        const train::History history =
            train::fit(model, adam, data.train, data.test, chapter.fit_options({.epochs = 3, .batch_size = 64}));
        const double accuracy = train::evaluate(model, data.test).accuracy;
        const auto steps = static_cast<std::int64_t>(history.epochs.size()) * ((data.train.size() + 63) / 64);
        app::say("\n{} at rate 0.01: accuracy {:.4f}\n{}\n", name, accuracy,
                 app::moving_statistics_text(model, name, data.test, accuracy, steps));
    } catch (const Error& error) {
        app::say("\n{} at rate 0.01: {}\n\n", name, error.what());
    }
}

}  // namespace

void chapter_09(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();
    const auto fit = [&](nn::Model& model, const std::string& name) {
        app::say("{}\n", app::summary_table(model, name));
        model.initialize(chapter.model_options());
        optim::Adam adam;
        Trained trained{.at_start = activations(model, data.train)};
        AfterOneEpoch watch(model, data.train);
        train::FitOptions options = chapter.fit_options({.epochs = 20, .batch_size = 64});
        options.callbacks.push_back(&watch);
        trained.history = train::fit(model, adam, data.train, data.test, options);
        trained.after_one_epoch = watch.seen;
        app::say("\n");
        return trained;
    };

    nn::Sequential plain = original_cnn(images);
    const Trained without = fit(plain, "original-cnn");
    nn::Sequential normalized = original_cnn_bn(images);
    const Trained with = fit(normalized, "original-cnn-bn");

    const auto judge = [&](const nn::Model& model, const std::string& name, const std::string& run) {
        return app::Judged{.name = name,
                           .test = train::evaluate(model, data.test),
                           .train_accuracy = train::evaluate(model, data.train).accuracy,
                           .notebook = chapter.notebook(run)};
    };
    const app::Judged judged = judge(normalized, "original-cnn-bn", "p2-batchnorm");
    app::say("{}\n", app::score_table({judge(plain, "original-cnn", "p2-original"), judged}));
    const auto steps = static_cast<std::int64_t>(with.history.epochs.size()) * ((data.train.size() + 63) / 64);
    app::say("{}\n", app::moving_statistics_text(normalized, judged.name, data.test, judged.test.accuracy, steps));

    const double plain_seconds = without.history.seconds(), normalized_seconds = with.history.seconds();
    app::say("Training and validation took {:.1f} s without batch normalization and {:.1f} s with it: {:.2f} times.\n",
             plain_seconds, normalized_seconds, normalized_seconds / plain_seconds);
    if (chapter.notebook("p2-original"))
        app::say("In the notebook, on a GPU: {:.1f} s and {:.1f} s.\n",
                 chapter.notebook("p2-original")->seconds,
                 chapter.notebook("p2-batchnorm")->seconds);
    app::say("\n");

    nn::Sequential fast_plain = original_cnn(images), fast_normalized = original_cnn_bn(images);
    train_faster(chapter, fast_plain, "original-cnn", data);
    train_faster(chapter, fast_normalized, "original-cnn-bn", data);

    chapter.draw(activation_figure({{"without, at the start", without.at_start},
                                    {"with, at the start", with.at_start},
                                    {"without, after an epoch", without.after_one_epoch},
                                    {"with, after an epoch", with.after_one_epoch}}));
    chapter.draw(report::accuracy_comparison(
        "accuracy", "Accuracy with and without batch normalization",
        {{"original-cnn", without.history.epochs}, {"original-cnn-bn", with.history.epochs}}));
}

}  // namespace cairn::chapters
