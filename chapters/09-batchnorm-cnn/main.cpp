// Chapter 9 (notebook A, problem 2): original-cnn with and without batch normalization, both trained afresh. What does
// it change, and what does it cost?
#include "cairn/app/chapter.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/model.h"

namespace cairn::chapters {

void chapter_09(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();
    const auto fit = [&](nn::Model& model, const std::string& name) {
        app::say("{}\n", app::summary_table(model, name));
        model.initialize(chapter.model_options());
        optim::Adam adam;
        const train::History history = train::fit(model, adam, data.train, data.test,
                                                  chapter.fit_options({.epochs = 20, .batch_size = 64}));
        app::say("\n");
        return history;
    };

    nn::Sequential plain = original_cnn(images);
    const train::History plain_history = fit(plain, "original-cnn");
    nn::Sequential normalized = original_cnn_bn(images);
    const train::History normalized_history = fit(normalized, "original-cnn-bn");

    const auto judge = [&](const nn::Model& model, const std::string& name, const std::string& run) {
        return app::Judged{.name = name,
                           .test = train::evaluate(model, data.test),
                           .train_accuracy = train::evaluate(model, data.train).accuracy,
                           .notebook = chapter.notebook(run)};
    };
    app::say("{}\n", app::score_table({judge(plain, "original-cnn", "p2-original"),
                                       judge(normalized, "original-cnn-bn", "p2-batchnorm")}));

    const double plain_seconds = plain_history.seconds(), normalized_seconds = normalized_history.seconds();
    app::say("Training and validation took {:.1f} s without batch normalization and {:.1f} s with it: {:.2f} times.\n",
             plain_seconds, normalized_seconds, normalized_seconds / plain_seconds);
    if (chapter.notebook("p2-original"))
        app::say("In the notebook, on a GPU: {:.1f} s and {:.1f} s.\n",
                 chapter.notebook("p2-original")->seconds,
                 chapter.notebook("p2-batchnorm")->seconds);
    app::say("\n");

    chapter.draw(report::accuracy_comparison(
        "accuracy", "Accuracy with and without batch normalization",
        {{"original-cnn", plain_history.epochs}, {"original-cnn-bn", normalized_history.epochs}}));
}

}  // namespace cairn::chapters
