// Chapter 11 (notebook B, "ResNet"): the notebook's model, which has no skip connection, and resnet-skip, which has
// three. What do the skips change?
#include "cairn/app/chapter.h"
#include "chapters/11-resnet/model.h"

namespace cairn::chapters {

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
    app::say("{}\n", app::score_table({judge(chain, "resnet"), judge(with_skips, "resnet-skip")}));

    chapter.draw(report::accuracy_comparison("comparison", "Accuracy without and with skip connections",
                                             {{"resnet", chain_history.epochs},
                                              {"resnet-skip", skip_history.epochs}}));
}

}  // namespace cairn::chapters
