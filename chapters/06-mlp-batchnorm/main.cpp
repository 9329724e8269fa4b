// Chapter 6 (notebook B, mlp-bn): two hidden layers with batch normalization and dropout. Why is the model in training
// another one than the model in use?
#include "cairn/app/chapter.h"
#include "cairn/autograd/graph.h"
#include "cairn/train/loader.h"
#include "chapters/06-mlp-batchnorm/model.h"

#include <array>
#include <cmath>

namespace cairn::chapters {

namespace {

// The share of right answers where each batch of 250 is normalized by its own statistics, without dropout. Such a pass moves the
// moving statistics, so they are put back.
double accuracy_by_batches(const nn::Model& model, const data::Dataset& images) {
    const autograd::NoGrad guard;
    const std::vector<float> before = model.state().to_vector<float>();
    train::Loader loader(model, images);
    const data::Batches batches(images, 250);
    double correct = 0;
    for (std::int64_t i = 0; i < batches.count(); ++i) {
        const train::Batch batch = loader.load(batches, i);
        correct += ops::count_correct(model(batch.images, {.training = true, .dropout = false}), batch.labels).item();
    }
    model.state().upload(before.data());
    return correct / static_cast<double>(images.size());
}

// Follows one channel of the first batch normalization for the first steps: its moving mean and variance, and what each batch's
// own were.
class Statistics final : public train::Callback {
public:
    explicit Statistics(const nn::Model& model) {
        for (const auto& [name, parameter] : model.parameters())
            if (name == "batch_normalization/moving_mean") mean_ = parameter;
            else if (name == "batch_normalization/moving_variance") variance_ = parameter;
    }

    void on_step(const train::Progress&) override {
        if (moving_.size() > most_steps) return;
        const double mean = mean_->value.to_vector<float>()[channel], variance = variance_->value.to_vector<float>()[channel];
        moving_.push_back({mean, variance});
    }

    // A line per step: the batch's mean and variance, and the moving ones with momentum 0.99 and with 0.9.
    std::string csv() const {
        std::string text = "step,batch mean,momentum 0.99,momentum 0.9,batch variance,momentum 0.99,momentum 0.9\n";
        Pair fast{0, 1};
        for (std::size_t step = 1; step < moving_.size(); ++step) {
            // moving = 0.99 before + 0.01 batch
            Pair batch;
            for (std::size_t i = 0; i < 2; ++i) {
                batch[i] = (moving_[step][i] - 0.99 * moving_[step - 1][i]) / 0.01;
                fast[i] = 0.9 * fast[i] + 0.1 * batch[i];
            }
            text += fmt::format("{},{:.5g},{:.5g},{:.5g},{:.5g},{:.5g},{:.5g}\n", step, batch[0], moving_[step][0], fast[0], batch[1],
                                moving_[step][1], fast[1]);
        }
        return text;
    }

private:
    using Pair = std::array<double, 2>;
    static constexpr std::size_t channel = 0, most_steps = 300;
    nn::Parameter *mean_ = nullptr, *variance_ = nullptr;
    std::vector<Pair> moving_{{0, 1}};  // mean and variance; so they begin
};

constexpr const char* drawing = R"(set xlabel 'step'
array lines[3] = ['the batch', 'moving, 0.99', 'moving, 0.9']
set style line 1 lw 1 lc rgb '#BBBBBB'
set style line 2 lw 3 lc rgb colours[1]
set style line 3 lw 2 lc rgb colours[2]
set multiplot layout 1, 2
set title 'mean'
unset key
plot for [i = 1:3] data using 1:i + 1 with lines linestyle i
set title 'variance'
set key top left Left reverse samplen 2
plot for [i = 1:3] data using 1:i + 4 with lines linestyle i title lines[i]
unset multiplot
)";

}  // namespace

void chapter_06(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    nn::Sequential model = mlp_bn(images);
    app::say("{}\n", app::summary_table(model, "mlp-bn"));
    model.initialize(chapter.model_options());

    optim::Adam adam;
    Statistics statistics(model);
    train::FitOptions options = chapter.fit_options({.epochs = 10, .batch_size = 32});
    options.callbacks.push_back(&statistics);
    const train::History history = train::fit(model, adam, data.train, data.test, options);

    const train::Evaluation test = train::evaluate(model, data.test);
    app::say("\n{}", app::score_table({{.name = "mlp-bn", .test = test, .notebook = chapter.notebook("mlp-bn")}}));

    // The same images, twice: with dropout and the batches' own statistics, as the last epoch went by; then without
    // dropout and with the moving statistics.
    const train::Evaluation on_train = train::evaluate(model, data.train);
    app::say("\nAccuracy on the training images: {:.4f} during the last epoch, {:.4f} by evaluation after it.\n",
             history.epochs.back().accuracy, on_train.accuracy);
    app::say("Accuracy on the test images: {:.4f} by the moving statistics, {:.4f} by those of each batch of 250.\n",
             test.accuracy, accuracy_by_batches(model, data.test));
    const std::int64_t steps = options.epochs * ((data.train.size() + 31) / 32);
    if (steps < 500)
        app::say("After {} steps the moving statistics still hold {:.2g} of the 0 and 1 where they began: 0.99^{}.\n", steps,
                 std::pow(0.99, static_cast<double>(steps)), steps);
    app::say("\n");

    for (const report::Figure& figure :
         report::learning_curves("", {"mlp-bn", history.epochs}, chapter.notebook_curves("mlp-bn")))
        chapter.draw(figure);
    chapter.draw({.name = "statistics",
                  .title = "Statistics of one channel",
                  .csv = statistics.csv(),
                  .commands = drawing,
                  .width = 800,
                  .height = 360});
}

}  // namespace cairn::chapters
