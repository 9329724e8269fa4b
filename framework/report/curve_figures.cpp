// Curves, bars and marks.
#include "report/figures.h"

#include <algorithm>
#include <cmath>

namespace cairn::report {

namespace {

struct Line {
    std::string title;
    std::vector<double> values;  // an element per epoch
    std::string style;
};

// A number, or an empty field where there is none.
std::string field(std::optional<double> value) {
    return value && std::isfinite(*value) ? fmt::format("{:.6g}", *value) : "";
}

std::string csv_name(std::string name) {
    std::ranges::replace(name, '"', '\'');
    std::ranges::replace_if(
        name, [](unsigned char c) { return c < ' '; }, ' ');
    return name.find(',') == std::string::npos ? name : '"' + name + '"';
}

// The lines against the epoch. Column 1 is the epoch, line i stands in column i + 2.
Figure line_figure(const std::string& name, const std::string& title, const std::string& axis,
                   std::vector<Line> lines) {
    std::erase_if(lines, [](const Line& line) { return line.values.empty(); });
    std::size_t epochs = 1;
    for (const Line& line : lines) epochs = std::max(epochs, line.values.size());

    std::string csv = "epoch";
    for (const Line& line : lines) csv += "," + csv_name(line.title);
    for (std::size_t e = 0; e < epochs; ++e) {
        csv += fmt::format("\n{}", e + 1);
        for (const Line& line : lines) csv += "," + (e < line.values.size() ? field(line.values[e]) : "");
    }

    const std::size_t step = (epochs + 9) / 10;
    std::string commands = fmt::format(
        "set title {}\nset xlabel 'epoch'\nset ylabel {}\nset xrange [0.5:{}.5]\nset xtics {}, {}\n"
        "set key below horizontal Left reverse maxcols 2 samplen 4 width -3 height 0.6\nplot ",
        gnuplot_string(title), gnuplot_string(axis), epochs, step, step);
    for (std::size_t i = 0; i < lines.size(); ++i)
        commands += fmt::format("{}'{}.csv' using 1:{} with linespoints {} title {}", i == 0 ? "" : ", \\\n     ", name,
                                i + 2, lines[i].style, gnuplot_string(lines[i].title));
    return {.name = name, .title = title, .csv = csv + "\n", .commands = commands + "\n", .width = 560};
}

}  // namespace

std::vector<Figure> learning_curves(const std::string& prefix, const Curves& run, const std::vector<Curves>& behind) {
    // Training has round marks and validation square ones, so that the colours are not needed. The faint lines come first:
    // what is drawn later lies on top.
    std::vector<Line> accuracy, loss;
    for (const Curves& other : behind) {
        const char* const training = "lw 2 dt (6,4) pt 6 ps 0.4 lc rgb '#8FBFDD'";
        const char* const validation = "lw 2 dt (6,4) pt 4 ps 0.4 lc rgb '#EDB08A'";
        accuracy.push_back({"training, " + other.name, other.accuracy, training});
        accuracy.push_back({"validation, " + other.name, other.val_accuracy, validation});
        loss.push_back({"training, " + other.name, other.loss, training});
        loss.push_back({"validation, " + other.name, other.val_loss, validation});
    }
    const std::string training = fmt::format("lw 3 pt 7 ps 0.6 lc rgb '{}'", colour(0));
    const std::string validation = fmt::format("lw 3 pt 5 ps 0.6 lc rgb '{}'", colour(1));
    accuracy.push_back({"training", run.accuracy, training});
    accuracy.push_back({"validation", run.val_accuracy, validation});
    loss.push_back({"training", run.loss, training});
    loss.push_back({"validation", run.val_loss, validation});
    return {line_figure(prefix + "accuracy", "Accuracy of " + run.name, "accuracy (share of images)", accuracy),
            line_figure(prefix + "loss", "Loss of " + run.name, "loss (nats per image)", loss)};
}

Figure accuracy_comparison(const std::string& name, const std::string& title, const std::vector<Curves>& models) {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const std::string look = fmt::format("lw 3 ps 0.6 pt {} lc rgb '{}'", i % 2 == 0 ? 7 : 5, colour(i));
        lines.push_back({"training, " + models[i].name, models[i].accuracy, look + " dt (8,6)"});
        lines.push_back({"validation, " + models[i].name, models[i].val_accuracy, look});
    }
    return line_figure(name, title, "accuracy (share of images)", lines);
}

Figure score_bars(const std::string& name, const std::string& title, const std::vector<ModelScores>& models) {
    std::string csv = "model";
    for (const char* source : {"", "notebook "})
        for (const char* score : score_names) csv += fmt::format(",{}{}", source, score);
    std::string tics;
    for (std::size_t i = 0; i < models.size(); ++i) {
        csv += "\n" + csv_name(models[i].name);
        for (const FourScores& scores : {models[i].scores, models[i].notebook})
            for (const std::optional<double>& score : scores) csv += "," + field(score);
        tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_tic(models[i].name), i);
    }
    // A cluster is 1 wide: four bars and a gap, each a fifth.
    std::string commands = fmt::format(
        "set title {}\nset ylabel 'score on the test images'\nset yrange [0:1]\nset xrange [-0.6:{}]\n"
        "set xtics ({}) scale 0\nset key below\nset style fill solid border lc rgb 'white'\n"
        "set boxwidth 0.2\nplot ",
        gnuplot_string(title), static_cast<double>(models.size()) - 0.4, tics);
    for (std::size_t s = 0; s < 4; ++s)
        commands += fmt::format("'{}.csv' using ($0 + {:.1f}):{} with boxes lc rgb '{}' title '{}', \\\n     ", name,
                                0.2 * static_cast<double>(s) - 0.3, s + 2, colour(s == 3 ? 4 : s), score_names[s]);
    for (std::size_t s = 0; s < 4; ++s)
        commands += fmt::format("{}'{}.csv' using ($0 + {:.1f}):{} with points pt 13 ps 0.8 lc rgb 'black' {}",
                                s == 0 ? "" : ", \\\n     ", name, 0.2 * static_cast<double>(s) - 0.3, s + 6,
                                s == 0 ? "title 'notebook'" : "notitle");
    return {.name = name, .title = title, .csv = csv + "\n", .commands = commands + "\n", .width = 800};
}

Figure accuracy_against(const std::string& name, const std::string& cost, bool logarithmic,
                        const std::vector<Points>& runs) {
    std::string csv = fmt::format("{},test accuracy,number,run\n", csv_name(cost));
    for (std::size_t i = 0; i < runs.size(); ++i)
        for (const auto& [x, accuracy] : runs[i].at)
            csv += fmt::format("{},{},{},{}\n", field(x), field(accuracy), i, csv_name(runs[i].name));
    const std::string title = "Test accuracy against " + cost;
    std::string commands = fmt::format(
        "set title {}\nset xlabel {}\nset ylabel 'test accuracy (share of images)'\n{}set offsets graph 0.05, "
        "graph 0.05, graph 0.05, graph 0.05\nset key outside right center Left reverse samplen 1\nplot ",
        gnuplot_string(title), gnuplot_string(cost), logarithmic ? "set logscale x\nset format x '%.0s %c'\n" : "");
    for (std::size_t i = 0; i < runs.size(); ++i)
        commands +=
            fmt::format("{}'{}.csv' using ($3 == {} ? $1 : NaN):2 with points pt {} ps 1.3 lw 2.5 lc rgb '{}' title {}",
                        i == 0 ? "" : ", \\\n     ", name, i, std::array{6, 4, 8, 10, 12, 14, 1, 2, 3}[i % 9],
                        colour(i % 7), gnuplot_string(runs[i].name));
    return {.name = name, .title = title, .csv = csv, .commands = commands + "\n", .width = 760};
}

}  // namespace cairn::report
