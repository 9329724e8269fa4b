// Chapter 5 (notebook B, mlp-l2): one hidden layer with an L2 penalty and dropout. How much of the loss is the penalty?
#include "cairn/app/chapter.h"
#include "chapters/05-mlp-l2/model.h"

namespace cairn::chapters {

void chapter_05(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    nn::Sequential model = mlp_l2(images);
    app::say("{}\n", app::summary_table(model, "mlp-l2"));
    model.initialize(chapter.model_options());

    optim::Adam adam;
    const train::History history = train::fit(model, adam, data.train, data.test,
                                              chapter.fit_options({.epochs = 10, .batch_size = 32}));

    const train::Evaluation test = train::evaluate(model, data.test);
    app::say("\n{}", app::score_table({{.name = "mlp-l2", .test = test, .notebook = chapter.notebook("mlp-l2")}}));

    // loss = mean cross-entropy + 0.001 * (sum of the squares of the hidden layer's kernel)
    const double penalty = model.penalty().item();
    app::say("\nThe test loss {:.4f} is a cross-entropy of {:.4f} and a penalty of {:.4f}.\n\n",
             test.loss, test.loss - penalty, penalty);

    for (const report::Figure& figure :
         report::learning_curves("", {"mlp-l2", history.epochs}, chapter.notebook_curves("mlp-l2")))
        chapter.draw(figure);
}

}  // namespace cairn::chapters
