// Chapter 10 (notebook B, "CNN with DA and Dropout"): the run as it was, without data augmentation; then with the
// augmentation that its name promises. What does it change?
#include "cairn/app/chapter.h"
#include "chapters/10-augmentation-dropout/model.h"

namespace cairn::chapters {

void chapter_10(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

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
