// The metrics.json of a run, and the figures made from it.
#include "cairn/report/figures.h"
#include "cairn/train/run_folder.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    static const std::filesystem::path folder = [] {
        const std::filesystem::path made = fuzz::scratch() / "metrics";
        fuzz::put(made / "config.json", R"({"model": "m", "dataset": "d"})");
        fuzz::put(made / "history.csv", "epoch,loss\n1,0.5\n");
        return made;
    }();
    fuzz::put(folder / "metrics.json", fuzz::text_of(bytes, size));
    fuzz::only_errors([] {
        const train::RunRecord run = train::read_run(folder);
        std::vector<report::Heatmap> heatmaps;
        for (const metrics::Scores* scores : {&run.test, &run.train})
            if (scores->confusion.classes() > 0) heatmaps.push_back({"images", scores->confusion});
        for (const report::Heatmap& heatmap : heatmaps) heatmap.confusion.macro();
        report::confusion_figure("confusion", "title", run.classes, heatmaps);
    });
    return 0;
}
