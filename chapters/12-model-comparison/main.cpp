// Chapter 12 (notebook B): its five models, trained alike and judged side by side. Which one would you take?
#include "cairn/app/chapter.h"
#include "chapters/05-mlp-l2/model.h"
#include "chapters/06-mlp-batchnorm/model.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/10-augmentation-dropout/model.h"
#include "chapters/11-resnet/model.h"

namespace cairn::chapters {

void chapter_12(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    struct Entry {
        std::string name;
        nn::Sequential model;
    };
    Entry entries[] = {
        {"mlp-bn", mlp_bn(images)},
        {"mlp-l2", mlp_l2(images)},
        {"simple-cnn", simple_cnn(images)},
        {"cnn-da-dropout", cnn_da_dropout(images)},
        {"resnet", resnet(images)},
    };
    for (const auto& [name, model] : entries)
        app::say("{}\n", app::summary_table(model, name));

    std::vector<app::Judged> judged;
    for (auto& [name, model] : entries) {
        app::say("Training {}:\n", name);
        model.initialize(chapter.model_options());
        optim::Adam adam;
        const train::History history = train::fit(model, adam, data.train, data.test,
                                                  chapter.fit_options({.epochs = 10, .batch_size = 32}));
        app::say("\n");

        judged.push_back({.name = name, .test = train::evaluate(model, data.test), .notebook = chapter.notebook(name)});
        for (const report::Figure& figure :
             report::learning_curves(name + "-", {name, history.epochs}, chapter.notebook_curves(name)))
            chapter.draw(figure);
    }

    app::say("{}\n", app::score_table(judged));
    chapter.draw(app::score_figure("scores", "Scores of the five models on the test images", judged));
}

}  // namespace cairn::chapters
