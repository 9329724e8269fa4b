// Chapter 4: what to try before a training, on real images: the loss at the start, twenty images learned by heart, the rate's
// curve; and how SGD, momentum and Adam go down the same valley.
#include "cairn/app/chapter.h"
#include "cairn/app/text.h"
#include "cairn/cairn.h"
#include "cairn/report/rate_figure.h"
#include "cairn/train/find_rate.h"

#include <cmath>
#include <sstream>

namespace cairn::chapters {

namespace {

// A network of one hidden layer, on any images.
nn::Sequential network(const data::Dataset& images, const nn::Initializer& last = nn::glorot_uniform()) {
    const auto classes = static_cast<std::int64_t>(images.classes.size());
    return nn::Sequential{nn::Input(images.image_shape), nn::Flatten(), nn::Dense(64, {.activation = nn::relu}), nn::Dense(classes, {.kernel_initializer = last})};
}

void loss_at_the_start(app::Chapter& chapter, const data::Dataset& images) {
    app::say("Before any step, ln {} = {:.4f}\n", images.classes.size(), std::log(static_cast<double>(images.classes.size())));
    for (const bool small : {false, true}) {
        nn::Sequential model = small ? network(images, nn::random_normal(0, 0.01)) : network(images);
        model.initialize(chapter.model_options());
        app::say("  loss {:.4f}  {}\n", train::evaluate(model, images, 250).loss,
                 small ? "with a small last layer (normal, 0.01)" : "as the layers are usually initialized");
    }
    app::say("\n");
}

// The first 20 images, for 200 steps of 20.
void twenty_images(app::Chapter& chapter, const data::Dataset& images) {
    const data::Dataset twenty = images.first(20);
    nn::Sequential model = network(images);
    model.initialize(chapter.model_options());
    optim::Adam adam;
    app::TextTable table({app::Align::right, app::Align::right, app::Align::right});
    table.add({"epochs", "loss", "accuracy"});
    train::FitOptions options = chapter.fit_options({.epochs = 50, .batch_size = 20});
    options.epochs = 50, options.callbacks = {};
    for (int epochs = 50; epochs <= 200; epochs += 50) {
        const train::History history = train::fit(model, adam, twenty, twenty, options);
        table.add({std::to_string(epochs), fmt::format("{:.4f}", history.epochs.back().val_loss), fmt::format("{:.2f}", history.epochs.back().val_accuracy)});
    }
    app::say("The first twenty images alone, Adam at 0.001\n\n{}\n", table.str());
}

void find_the_rate(app::Chapter& chapter, const data::Dataset& images) {
    nn::Sequential model = network(images);
    model.initialize(chapter.model_options());
    optim::Adam adam;
    // Of few images even some hundred steps learn something.
    const data::Dataset few = images.first(320);
    const train::RateCurve curve =
        train::find_rate(model, adam, few, {.lowest = 1e-5, .highest = 1, .steps = chapter.is_short() ? 40 : 300, .seed = model.options().seed});
    app::say("Learning-rate finder, Adam, the first {} images: the loss is lowest at {:.1e}, suggested {:.1e}\n\n", few.size(),
             curve.lowest().rate, curve.suggested());
    chapter.draw(report::rate_curve("one hidden layer of 64, Adam", curve));
}

// f(x, y) = x²/2 + 10 y²: twenty times as steep across as along.
struct Way {
    const char* name;
    std::unique_ptr<optim::Optimizer> optimizer;
};

std::string way_down(optim::Optimizer& optimizer, int steps) {
    const Device cpu = Device::cpu();
    const Tensor at = from_values(Shape{2}, std::vector<float>{-9, 1.5}, cpu);
    std::string rows;
    for (int step = 0; step <= steps; ++step) {
        const std::vector<float> x = at.to_vector<float>();
        rows += fmt::format("{},{}\n", x[0], x[1]);
        optimizer.update(at, from_values(Shape{2}, std::vector<float>{x[0], 20 * x[1]}, cpu));
    }
    return rows;
}

constexpr const char* valley = R"(set xrange [-10:4]
set yrange [-2:2]
set xlabel 'x'
set ylabel 'y'
unset grid
set key below horizontal Left reverse samplen 3
set samples 200
plot for [c in '0.5 2 5 10 20 35 50'] [t = 0:2 * pi] '+' using (sqrt(2 * c) * cos(t)):(sqrt(c / 10.0) * sin(t)) \
         with lines lw 0.7 lc rgb '#cccccc' notitle, \
     data using 1:2 with linespoints pt 7 ps 0.4 lw 1.5 lc rgb colours[2] title 'SGD', \
     data using 3:4 with linespoints pt 5 ps 0.4 lw 1.5 lc rgb colours[1] title 'momentum', \
     data using 5:6 with linespoints pt 9 ps 0.5 lw 1.5 lc rgb colours[3] title 'Adam'
)";

void three_ways(app::Chapter& chapter) {
    optim::Sgd plain({.learning_rate = 0.09}), heavy({.learning_rate = 0.02, .momentum = 0.85});
    optim::Adam adam({.learning_rate = 0.5});
    std::string csv = "SGD x,SGD y,momentum x,momentum y,Adam x,Adam y\n";
    std::istringstream ways[3] = {std::istringstream(way_down(plain, 40)), std::istringstream(way_down(heavy, 40)), std::istringstream(way_down(adam, 40))};
    for (std::string a, b, c; std::getline(ways[0], a) && std::getline(ways[1], b) && std::getline(ways[2], c);)
        csv += fmt::format("{},{},{}\n", a, b, c);
    chapter.draw({.name = "valley", .title = "40 steps down x^2/2 + 10 y^2", .csv = csv, .commands = valley, .width = 700, .height = 380});
}

}  // namespace

void chapter_04(app::Chapter& chapter) {
    const data::Split split = chapter.load_data();
    loss_at_the_start(chapter, split.train);
    twenty_images(chapter, split.train);
    find_the_rate(chapter, split.train);
    three_ways(chapter);
}

}  // namespace cairn::chapters
