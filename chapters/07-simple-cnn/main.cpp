// Chapter 7 (notebook B, simple-cnn): two convolutions with pooling, then two dense layers. How does a model with a
// tenth of the parameters see more?
#include "cairn/app/chapter.h"
#include "chapters/07-simple-cnn/ladder.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/07-simple-cnn/seeing.h"

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

    // What the layers make of one test image, and which of its pixels one of their numbers depends on.
    const data::Dataset one_image = data.test.first(1);
    chapter.draw(feature_maps_figure(model, one_image));
    chapter.draw(receptive_field_figure(model, one_image));

    const std::vector<Rung> rungs = climb();
    app::say("The second convolution on 32 images, with one thread:\n\n{:30}  GFLOP/s  differs from the loops by\n", "");
    for (const Rung& rung : rungs) app::say("{:30}  {:7.3g}  {:.0e}\n", rung.name, rung.gflops, rung.error);
    app::say("\n");
    chapter.draw(ladder_figure(rungs));
}

}  // namespace cairn::chapters
