// Chapter 12 (notebook B): its five models, trained alike and judged side by side. Which one would you take?
#include "cairn/app/chapter.h"
#include "cairn/report/repeated_run.h"
#include "chapters/05-mlp-l2/model.h"
#include "chapters/06-mlp-batchnorm/model.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/10-augmentation-dropout/model.h"
#include "chapters/11-resnet/model.h"

#include <algorithm>

namespace cairn::chapters {

namespace {

// The committed results of the nine models: a dot for each seed, a cross for the notebook's run. Nothing where the sources are not
// there.
void draw_seeds(app::Chapter& chapter) {
    const std::filesystem::path results =
        std::filesystem::path(CAIRN_WEIGHTS_FOLDER).parent_path() / "chapters/12-model-comparison/results";
    if (!std::filesystem::exists(results)) return;
    std::vector<report::ReproducedRun> reproduced;
    for (const report::NotebookRun& notebook : report::notebook_runs()) {
        report::ReproducedRun run{notebook.run, {}};
        for (const auto& seed : std::filesystem::directory_iterator(results / notebook.run)) run.seeds.push_back(seed.path());
        std::ranges::sort(run.seeds);
        reproduced.push_back(run);
    }
    std::vector<report::RepeatedRun> runs = report::read_repeated_runs(reproduced);
    std::ranges::sort(runs, {}, [](const report::RepeatedRun& run) { return run.test().accuracy; });
    std::string csv = "run,seed,accuracy,notebook\n";
    std::vector<std::string> names;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        names.push_back(report::gnuplot_tic(runs[r].name));
        for (const train::RunRecord& seed : runs[r].seeds)
            csv += fmt::format("{},{},{:.4f},{:.4f}\n", r + 1, seed.config.seed, seed.test.accuracy,
                               runs[r].notebook->test.accuracy);
    }
    chapter.draw({.name = "seeds",
                  .title = "Test accuracy: every seed a dot, the notebook a cross",
                  .csv = csv,
                  .commands = report::gnuplot_array("runs", names) +
                              fmt::format("\nset yrange [0.4:{0}.6] reverse\nset xlabel 'accuracy on the test images'\n"
                                          "set for [i = 1:{0}] ytics add (runs[i] i)\nset grid xtics lt 1 lw 1 lc rgb '#dddddd'\n"
                                          "set key below horizontal Left reverse\n"
                                          "plot data using 3:1 with points pt 7 ps 0.8 lc rgb colours[1] title 'a seed of cairn', \\\n"
                                          "     data using 4:1 with points pt 2 ps 1.2 lw 2 lc rgb colours[2] title 'the notebook'\n",
                                          runs.size()),
                  .width = 680,
                  .height = 420});
}

}  // namespace

void chapter_12(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const data::Description images = data.train.description();

    draw_seeds(chapter);

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
    std::string moving;  // what is said of moving statistics
    const std::int64_t steps_per_epoch = (data.train.size() + 31) / 32;
    for (auto& [name, model] : entries) {
        app::say("Training {}:\n", name);
        model.initialize(chapter.model_options());
        optim::Adam adam;
        const train::History history = train::fit(model, adam, data.train, data.test,
                                                  chapter.fit_options({.epochs = 10, .batch_size = 32}));
        app::say("\n");

        judged.push_back({.name = name, .test = train::evaluate(model, data.test), .notebook = chapter.notebook(name)});
        moving += app::moving_statistics_text(model, name, data.test, judged.back().test.accuracy,
                                              static_cast<std::int64_t>(history.epochs.size()) * steps_per_epoch);
        for (const report::Figure& figure :
             report::learning_curves(name + "-", {name, history.epochs}, chapter.notebook_curves(name)))
            chapter.draw(figure);
    }

    app::say("{}\n{}\n", app::score_table(judged), moving);
    chapter.draw(app::score_figure("scores", "Scores of the five models on the test images", judged));
}

}  // namespace cairn::chapters
