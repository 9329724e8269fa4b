// Chapter 14: what does accuracy cost? The nine runs of chapter 12, and your own, against the seconds of their training.
#include "cairn/app/chapter.h"
#include "cairn/app/text.h"
#include "cairn/core/file.h"
#include "cairn/report/notebook_runs.h"
#include "cairn/train/run_folder.h"

#include <algorithm>

namespace cairn::chapters {

namespace {

namespace fs = std::filesystem;

// A run's accuracy on the validation images after each epoch, and the seconds that it took until then.
struct Curve {
    std::string name;
    std::vector<double> seconds, accuracy;

    // Seconds until the accuracy is first reached; nothing if it never is.
    std::string seconds_until(double goal) const {
        const auto at = std::ranges::find_if(accuracy, [&](double a) { return a >= goal; });
        return at == accuracy.end() ? "-" : fmt::format("{:.0f}", seconds[static_cast<std::size_t>(at - accuracy.begin())]);
    }
};

Curve curve_of(const std::string& name, const train::RunRecord& run) {
    Curve curve{name, {}, {}};
    double seconds = 0;
    for (const auto& epoch : run.history.epochs) {
        seconds += epoch.seconds;
        curve.seconds.push_back(seconds);
        curve.accuracy.push_back(epoch.val_accuracy);
    }
    return curve;
}

// The first seed of each of the nine runs.
std::vector<Curve> the_nine() {
    const fs::path results = fs::path(CAIRN_WEIGHTS_FOLDER) / "../chapters/12-model-comparison/results";
    std::vector<std::string> names = fs::exists(results) ? names_in(results) : std::vector<std::string>();
    std::erase_if(names, [&](const std::string& name) { return report::notebook_run(name) == nullptr; });
    std::ranges::sort(names);
    std::vector<Curve> curves;
    for (const std::string& name : names) {
        std::vector<std::string> seeds = names_in(results / name);
        std::ranges::sort(seeds);
        curves.push_back(curve_of(name, train::read_run(results / name / seeds.front())));
    }
    check(!curves.empty(), "chapter 14 draws the runs of chapter 12, and there is no {}", results.lexically_normal().string());
    return curves;
}

// Runs on CIFAR-10 in the folder runs/ of the current one.
std::vector<Curve> yours() {
    std::vector<Curve> curves;
    if (!fs::is_directory("runs")) return curves;
    std::vector<std::string> names = names_in("runs");
    std::ranges::sort(names);
    for (const std::string& name : names) {
        const fs::path folder = fs::path("runs") / name;
        if (!fs::exists(folder / "history.csv") || !fs::exists(folder / "metrics.json")) continue;
        const train::RunRecord run = train::read_run(folder);
        if (run.config.dataset == "cifar-10") curves.push_back(curve_of("yours: " + name, run));
    }
    return curves;
}

constexpr const char* drawing = R"(set logscale x
set xlabel 'seconds of training and validation'
set ylabel 'validation accuracy'
set xrange [1:1000]
set yrange [0.3:0.85]
set key outside right top Left reverse samplen 2 width -2
set label 1 '80 %' at 1.15,0.81 textcolor rgb '#555555'
set arrow 1 from 1,0.8 to 1000,0.8 nohead dt 2 lc rgb '#888888'
plot for [i = 1:|names|] data using (column('run') == i - 1 ? column('seconds') : NaN):(column('accuracy')) \
    with linespoints linestyle i title names[i]
)";

}  // namespace

void chapter_14(app::Chapter& chapter) {
    chapter.make_output("cost");
    std::vector<Curve> curves = the_nine();
    const std::size_t the_nine_runs = curves.size();
    const std::vector<Curve> own = yours();
    curves.insert(curves.end(), own.begin(), own.end());

    std::string csv = "seconds,accuracy,run\n";
    app::TextTable table({app::Align::left, app::Align::right, app::Align::right, app::Align::right, app::Align::right,
                          app::Align::right});
    table.add({"run", "0.60 after s", "0.70 after s", "0.80 after s", "all s", "last accuracy"});
    std::vector<std::string> names;
    std::string styles;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const Curve& c = curves[i];
        names.push_back(report::gnuplot_string(c.name));
        styles += fmt::format("set style line {} lw {} dt {} ps 0.5 pt {} lc rgb colours[{}]\n", i + 1,
                              i < the_nine_runs ? 2 : 4, i < 7 ? 1 : 2, i < 7 ? 7 : 5, 1 + i % 7);
        table.add({c.name, c.seconds_until(0.6), c.seconds_until(0.7), c.seconds_until(0.8),
                   fmt::format("{:.0f}", c.seconds.back()), fmt::format("{:.4f}", c.accuracy.back())});
        for (std::size_t e = 0; e < c.seconds.size(); ++e)
            csv += fmt::format("{:.3f},{},{}\n", c.seconds[e], c.accuracy[e], i);
    }
    app::say("Seconds of training and validation on CIFAR-10 until an accuracy is reached\n\n{}\n", table.str());
    if (own.empty()) app::say("Your own runs on CIFAR-10, in the folder runs/ here, would be drawn as well.\n\n");
    chapter.draw({.name = "accuracy-against-time",
                  .title = "Validation accuracy against the time of training",
                  .csv = csv,
                  .commands = report::gnuplot_array("names", names) + styles + drawing,
                  .width = 860,
                  .height = 470});
}

}  // namespace cairn::chapters
