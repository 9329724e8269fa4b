// Chapter 7 (notebook B, simple-cnn): two convolutions with pooling, then two dense layers. How does a model with a
// tenth of the parameters see more?
#include "cairn/app/chapter.h"
#include "chapters/07-simple-cnn/model.h"

namespace cairn::chapters {

void chapter_07(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    nn::Sequential model = simple_cnn(images);
    app::say("{}\n", app::summary_table(model, "simple-cnn"));
    model.initialize(chapter.model_options());

    optim::Adam adam;
    const train::History history = train::fit(model, adam, data.train, data.test,
                                              chapter.fit_options({.epochs = 10, .batch_size = 32}));

    const train::Evaluation test = train::evaluate(model, data.test);
    app::say("\n{}\n",
             app::score_table({{.name = "simple-cnn", .test = test, .notebook = chapter.notebook("simple-cnn")}}));

    for (const report::Figure& figure :
         report::learning_curves("", {"simple-cnn", history.epochs}, chapter.notebook_curves("simple-cnn")))
        chapter.draw(figure);

    // What the first convolution looks for: its kernel (3, 3, 3, 32) as 32 small pictures.
    const nn::Model::NamedParameter kernel = model.parameters().front();
    chapter.draw(report::filters_figure(kernel.parameter->shape, kernel.parameter->value.to_vector<float>()));
}

}  // namespace cairn::chapters
