// Chapter 8 (notebook A, problem 1): original-cnn, and modified-cnn with a fourth convolution. Does the fourth help,
// and whom?
#include "cairn/app/chapter.h"
#include "chapters/08-deeper-cnn/model.h"

namespace cairn::chapters {

namespace {

struct Result {
    std::string name;
    train::Evaluation on_train, on_test;
};

Result train_and_evaluate(app::Chapter& chapter, const data::Split& data, nn::Model& model, const std::string& name,
                          const std::string& run) {
    app::say("Training {}:\n", name);
    model.initialize(chapter.model_options());
    optim::Adam adam;
    const train::History history = train::fit(model, adam, data.train, data.test,
                                              chapter.fit_options({.epochs = 20, .batch_size = 64}));
    app::say("\n");

    for (const report::Figure& figure :
         report::learning_curves(name + "-", {name, history.epochs}, chapter.notebook_curves(run)))
        chapter.draw(figure);
    return {name, train::evaluate(model, data.train), train::evaluate(model, data.test)};
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
}

}  // namespace cairn::chapters
