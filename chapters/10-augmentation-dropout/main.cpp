// Chapter 10 (notebook B, "CNN with DA and Dropout"): the run as it was, without data augmentation; then with the
// augmentation that its name promises. What does it change?
#include "cairn/app/chapter.h"
#include "chapters/10-augmentation-dropout/model.h"

#include <algorithm>

namespace cairn::chapters {

namespace {

// The first training image as it is, and 63 changes of it, eight in a row.
report::Figure sheet(const data::Dataset& images, std::uint64_t seed) {
    constexpr std::int64_t side = 8, gap = 3;
    data::Dataset copies = images.first(1);
    for (std::int64_t i = 1; i < side * side; ++i) {
        copies.labels.push_back(copies.labels[0]);
        const std::span<const std::uint8_t> first = images.image(0);
        copies.images.insert(copies.images.end(), first.begin(), first.end());
    }
    const std::int64_t height = images.image_shape[0], width = images.image_shape[1];
    data::augment(copies.images.data() + copies.image_bytes(), side * side - 1, images.image_shape, {.flip = true, .shift = 4},
                  {.seed = seed, .stream = stream_of(Purpose::augment)});
    io::Image all{side * (height + gap), side * (width + gap), {}};
    all.pixels.assign(static_cast<std::size_t>(3 * all.height * all.width), 255);
    for (std::int64_t i = 0; i < side * side; ++i) {
        const io::Image picture = copies.picture(i);
        for (std::int64_t y = 0; y < height; ++y)
            std::copy_n(picture.pixels.begin() + 3 * y * width, 3 * width,
                        all.pixels.begin() + 3 * ((i / side * (height + gap) + y) * all.width + i % side * (width + gap)));
    }
    return {.name = "sheet",
            .title = "One image as it is, top left, and changed at random",
            .csv = fmt::format("pictures,columns\n{},{}\n", side * side, side),
            .commands = fmt::format("unset border\nunset tics\nunset key\nset lmargin 0\nset rmargin 0\nset bmargin 0\n"
                                    "set xrange [0:{}]\nset yrange [0:{}]\n"
                                    "plot name . '-pixels.png' binary filetype=png origin=(0.5,0.5) with rgbimage\n",
                                    all.width, all.height),
            .width = static_cast<int>(2 * all.width),
            .height = static_cast<int>(2 * all.height) + 40,
            .pixels = all};
}

}  // namespace

void chapter_10(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    chapter.draw(sheet(data.train, chapter.model_options().seed));

    nn::Sequential model = cnn_da_dropout(images);
    app::say("{}\n", app::summary_table(model, "cnn-da-dropout"));

    // The same initial values and the same order of images both times: only the images differ.
    const auto fit = [&](nn::Model& fresh, const data::Augmentation& augmentation) {
        fresh.initialize(chapter.model_options());
        optim::Adam adam;
        const train::History history =
            train::fit(fresh, adam, data.train, data.test,
                       chapter.fit_options({.epochs = 10, .batch_size = 32, .augmentation = augmentation}));
        app::say("\n");
        return history;
    };
    app::say("As the notebook ran it:\n");
    const train::History history = fit(model, {});
    app::say("With images mirrored at random and shifted by up to 4 pixels:\n");
    nn::Sequential augmented_model = cnn_da_dropout(images);
    const train::History augmented_history = fit(augmented_model, {.flip = true, .shift = 4});

    // Training images are changed in training only: both models are judged on the images as they are.
    const auto judge = [&](const nn::Model& trained, const std::string& name, const report::NotebookRun* notebook) {
        return app::Judged{.name = name,
                           .test = train::evaluate(trained, data.test),
                           .train_accuracy = train::evaluate(trained, data.train).accuracy,
                           .notebook = notebook};
    };
    app::say("{}\n", app::score_table({judge(model, "not augmented", chapter.notebook("cnn-da-dropout")),
                                       judge(augmented_model, "augmented", nullptr)}));

    const report::Curves curves = {"cnn-da-dropout", history.epochs};
    for (const report::Figure& figure : report::learning_curves("", curves, chapter.notebook_curves("cnn-da-dropout")))
        chapter.draw(figure);
    const report::Curves augmented_curves = {"cnn-da-dropout, augmented", augmented_history.epochs};
    for (const report::Figure& figure : report::learning_curves("augmented-", augmented_curves, {}))
        chapter.draw(figure);
    chapter.draw(report::accuracy_comparison("comparison", "Accuracy of cnn-da-dropout with and without augmentation",
                                             {{"not augmented", history.epochs},
                                              {"augmented", augmented_history.epochs}}));
}

}  // namespace cairn::chapters
