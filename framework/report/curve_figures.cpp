// Curves, bars and marks.
#include "cairn/report/embedded.h"
#include "cairn/report/figures.h"
#include "cairn/report/wording.h"

#include <algorithm>

namespace cairn::report {

namespace {

struct Line {
    std::string title;
    std::vector<double> values;  // an element per epoch
    std::string style;
};

std::string csv_name(std::string name) {
    std::ranges::replace(name, '"', '\'');
    std::ranges::replace_if(
        name, [](unsigned char c) { return c < ' '; }, ' ');
    return name.find(',') == std::string::npos ? name : '"' + name + '"';
}

// The array NAME of the names of things, each quoted.
template <typename Things, typename F>
std::string names_array(const std::string& name, const Things& things, const F& quoted) {
    std::vector<std::string> expressions;
    for (const auto& thing : things) expressions.push_back(quoted(thing));
    return gnuplot_array(name, expressions);
}

// The lines against the epoch. Column 1 is the epoch, line i stands in column i + 2.
Figure line_figure(const std::string& name, const std::string& title, const std::string& axis,
                   std::vector<Line> lines) {
    std::erase_if(lines, [](const Line& line) {
        return std::ranges::none_of(line.values, [](double value) { return std::isfinite(value); });
    });
    std::size_t epochs = 1;
    for (const Line& line : lines) epochs = std::max(epochs, line.values.size());

    std::string csv = "epoch";
    for (const Line& line : lines) csv += "," + csv_name(line.title);
    for (std::size_t e = 0; e < epochs; ++e) {
        csv += fmt::format("\n{}", e + 1);
        for (const Line& line : lines) csv += "," + (e < line.values.size() ? field(line.values[e]) : "");
    }

    std::string commands = fmt::format("epochs = {}\naxis = {}\n", epochs, gnuplot_string(axis));
    for (std::size_t i = 0; i < lines.size(); ++i)
        commands += fmt::format("set style line {} {}\n", i + 1, lines[i].style);
    commands += names_array("titles", lines, [](const Line& line) { return gnuplot_string(line.title); });
    commands += embedded::lines;
    return {.name = name, .title = title, .csv = csv + "\n", .commands = commands, .width = 560};
}

// The lines of one training, of the training and of the validation images; `what` is the accuracy or the loss.
using Column = double train::EpochRecord::*;
void add_lines(std::vector<Line>& lines, const Curves& curves, const std::string& of, std::array<Column, 2> what,
               const std::array<std::string, 2>& styles) {
    const char* const images[] = {"training", "validation"};
    for (std::size_t i = 0; i < 2; ++i) {
        Line& line = lines.emplace_back(Line{images[i] + of, {}, styles[i]});
        for (const train::EpochRecord& epoch : curves.epochs) line.values.push_back(epoch.*what[i]);
    }
}

constexpr std::array<Column, 2> accuracies = {&train::EpochRecord::accuracy, &train::EpochRecord::val_accuracy};
constexpr std::array<Column, 2> losses = {&train::EpochRecord::loss, &train::EpochRecord::val_loss};
constexpr const char* accuracy_axis = "accuracy (share of images)";

}  // namespace

std::vector<Figure> learning_curves(const std::string& prefix, const Curves& run, const std::vector<Curves>& behind) {
    // Training has round marks and validation square ones, so that the colours are not needed. The faint lines come first:
    // what is drawn later lies on top.
    const auto lines = [&](std::array<Column, 2> what) {
        std::vector<Line> result;
        for (const Curves& other : behind)
            add_lines(result, other, ", " + other.name, what,
                      {"lw 2 dt (6,4) pt 6 ps 0.4 lc rgb '#8FBFDD'", "lw 2 dt (6,4) pt 4 ps 0.4 lc rgb '#EDB08A'"});
        add_lines(result, run, "", what, {"lw 3 pt 7 ps 0.6 lc rgb colours[1]", "lw 3 pt 5 ps 0.6 lc rgb colours[2]"});
        return result;
    };
    return {line_figure(prefix + "accuracy", "Accuracy of " + run.name, accuracy_axis, lines(accuracies)),
            line_figure(prefix + "loss", "Loss of " + run.name, "loss (nats per image)", lines(losses))};
}

Figure accuracy_comparison(const std::string& name, const std::string& title, const std::vector<Curves>& models) {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const std::string look = fmt::format("lw 3 ps 0.6 pt {} lc rgb colours[{}]", i % 2 == 0 ? 7 : 5, i % 8 + 1);
        add_lines(lines, models[i], ", " + models[i].name, accuracies, {look + " dt (8,6)", look});
    }
    return line_figure(name, title, accuracy_axis, lines);
}

Figure score_bars(const std::string& name, const std::string& title, const std::vector<ModelScores>& models) {
    std::string csv =
        "model,accuracy,precision,recall,F1,notebook accuracy,notebook precision,notebook recall,notebook F1\n";
    for (const ModelScores& model : models) {
        csv += csv_name(model.name);
        for (const metrics::Scores& s : {model.scores, model.notebook})
            for (const double score : {s.accuracy, s.precision, s.recall, s.f1}) csv += "," + field(score);
        csv += "\n";
    }
    const std::string names =
        names_array("models", models, [](const ModelScores& model) { return gnuplot_tic(model.name); });
    return {.name = name, .title = title, .csv = csv, .commands = names + std::string(embedded::scores), .width = 800};
}

Figure accuracy_against(const std::string& name, const std::string& cost, bool logarithmic,
                        const std::vector<Points>& runs) {
    std::string csv = fmt::format("{},test accuracy,number,run\n", csv_name(cost));
    for (std::size_t i = 0; i < runs.size(); ++i)
        for (const auto& [x, accuracy] : runs[i].at)
            csv += fmt::format("{},{},{},{}\n", field(x), field(accuracy), i, csv_name(runs[i].name));
    std::string commands = fmt::format("cost = {}\nlogarithmic = {:d}\n", gnuplot_string(cost), logarithmic);
    commands += names_array("names", runs, [](const Points& points) { return gnuplot_string(points.name); });
    commands += embedded::costs;
    return {.name = name, .title = "Test accuracy against " + cost, .csv = csv, .commands = commands, .width = 760};
}

}  // namespace cairn::report
