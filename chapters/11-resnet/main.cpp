// Chapter 11 (notebook B, "ResNet"): the notebook's model, which has no skip connection, and resnet-skip, which has
// three. What do the skips change?
#include "cairn/app/chapter.h"
#include "cairn/train/gradients.h"
#include "chapters/11-resnet/model.h"

#include <cmath>

namespace cairn::chapters {

namespace {

// |dL/dW| / |W| of every 3x3 kernel, from the input on, at initialization: how large a step the gradient asks for. L is the loss of
// the first 64 images.
std::vector<double> relative_gradients(nn::Model& model, const nn::ModelOptions& options, const data::Dataset& images) {
    model.initialize(options);
    const data::Dataset some = images.first(64);
    train::Loader loader(model, some);
    train::gradients(model, loader.load(data::Batches(some, some.size()), 0), {.training = true});
    const std::vector<float> gradients = model.gradients().to_vector<float>(), values = model.values().to_vector<float>();
    std::vector<double> result;
    for (const auto& [name, parameter] : model.parameters()) {
        if (parameter->name != "kernel" || parameter->shape[0] != 3) continue;
        double gradient = 0, value = 0;
        for (std::int64_t i = parameter->offset; i < parameter->offset + parameter->shape.size(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            gradient += std::pow(gradients[at], 2);
            value += std::pow(values[at], 2);
        }
        result.push_back(std::sqrt(gradient / value));
    }
    return result;
}

constexpr const char* drawing = R"(set xlabel 'convolution, 1 is the first'
set ylabel 'norm of the gradient / norm of the kernel'
set logscale y
set format y '%g'
set xrange [0.5:19.5]
set xtics 1, 3
set key below horizontal Left reverse samplen 3
plot data using 1:2 with linespoints lw 3 pt 7 ps 0.7 lc rgb colours[1] title 'plain-20', \
     data using 1:3 with linespoints lw 3 pt 5 ps 0.7 lc rgb colours[2] title 'res-20'
)";

void draw_gradient_norms(app::Chapter& chapter, const data::Dataset& images) {
    nn::Functional plain = plain_20(images.description()), res = res_20(images.description());
    const std::vector<double> without = relative_gradients(plain, chapter.model_options(), images),
                              with = relative_gradients(res, chapter.model_options(), images);
    std::string csv = "convolution,plain-20,res-20\n";
    for (std::size_t i = 0; i < without.size(); ++i) csv += fmt::format("{},{:.6g},{:.6g}\n", i + 1, without[i], with[i]);
    app::say(
        "Norm of a kernel's gradient, divided by the kernel's, before the first step:\n\n"
        "              first  last  first / last\n");
    for (const auto& [name, norms] : {std::pair{"plain-20", without}, std::pair{"res-20  ", with}})
        app::say("{:10}  {:7.3f} {:5.3f}  {:12.1f}\n", name, norms.front(), norms.back(), norms.front() / norms.back());
    app::say("\n");
    chapter.draw({.name = "gradient-norms",
                  .title = "Gradients of plain-20 and res-20 before the first step",
                  .csv = csv,
                  .commands = drawing,
                  .width = 640,
                  .height = 400});
}

}  // namespace

void chapter_11(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();
    const auto fit = [&](nn::Model& model, const std::string& name) {
        app::say("{}\n", app::summary_table(model, name));
        model.initialize(chapter.model_options());
        optim::Adam adam;
        const train::History history = train::fit(model, adam, data.train, data.test,
                                                  chapter.fit_options({.epochs = 10, .batch_size = 32}));
        app::say("\n");
        for (const report::Figure& figure :
             report::learning_curves(name + "-", {name, history.epochs}, chapter.notebook_curves(name)))
            chapter.draw(figure);
        return history;
    };

    draw_gradient_norms(chapter, data.train);

    nn::Sequential chain = resnet(images);
    const train::History chain_history = fit(chain, "resnet");
    nn::Functional with_skips = resnet_skip(images);
    const train::History skip_history = fit(with_skips, "resnet-skip");

    const auto judge = [&](const nn::Model& model, const std::string& name) {
        return app::Judged{.name = name,
                           .test = train::evaluate(model, data.test),
                           .train_accuracy = train::evaluate(model, data.train).accuracy,
                           .notebook = chapter.notebook(name)};
    };
    const app::Judged judged[] = {judge(chain, "resnet"), judge(with_skips, "resnet-skip")};
    app::say("{}\n", app::score_table({judged[0], judged[1]}));
    const std::int64_t steps = static_cast<std::int64_t>(chain_history.epochs.size()) * ((data.train.size() + 31) / 32);
    app::say("{}{}\n",
             app::moving_statistics_text(chain, "resnet", data.test, judged[0].test.accuracy, steps),
             app::moving_statistics_text(with_skips, "resnet-skip", data.test, judged[1].test.accuracy, steps));

    chapter.draw(report::accuracy_comparison("comparison", "Accuracy without and with skip connections",
                                             {{"resnet", chain_history.epochs},
                                              {"resnet-skip", skip_history.epochs}}));
}

}  // namespace cairn::chapters
