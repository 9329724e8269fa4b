// Chapter 6 (notebook B, mlp-bn): two hidden layers with batch normalization and dropout. Why is the model in training
// another one than the model in use?
#include "cairn/app/chapter.h"
#include "chapters/06-mlp-batchnorm/model.h"

namespace cairn::chapters {

void chapter_06(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    nn::Sequential model = mlp_bn(images);
    app::say("{}\n", app::summary_table(model, "mlp-bn"));
    model.initialize(chapter.model_options());

    optim::Adam adam;
    const train::History history = train::fit(model, adam, data.train, data.test,
                                              chapter.fit_options({.epochs = 10, .batch_size = 32}));

    const train::Evaluation test = train::evaluate(model, data.test);
    app::say("\n{}", app::score_table({{.name = "mlp-bn", .test = test, .notebook = chapter.notebook("mlp-bn")}}));

    // The same images, twice: with dropout and the batches' own statistics, as the last epoch went by; then without
    // dropout and with the moving statistics.
    const train::Evaluation on_train = train::evaluate(model, data.train);
    app::say("\nAccuracy on the training images: {:.4f} during the last epoch, {:.4f} by evaluation after it.\n\n",
             history.epochs.back().accuracy, on_train.accuracy);

    for (const report::Figure& figure :
         report::learning_curves("", {"mlp-bn", history.epochs}, chapter.notebook_curves("mlp-bn")))
        chapter.draw(figure);
}

}  // namespace cairn::chapters
