// Chapter 1: the graph of (x y + x)² as your operations build it, with the gradients that your backward finds; and the plane as
// your network of scalars divides it.
#include "cairn/app/chapter.h"

#include <algorithm>
#include <sstream>

namespace cairn::chapters {

namespace {

std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
    std::istringstream lines(csv);
    std::vector<std::vector<std::string>> rows;
    std::string line, field;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream fields(line + ",");
        std::vector<std::string>& row = rows.emplace_back();
        while (std::getline(fields, field, ',')) row.push_back(field);
    }
    return rows;
}

// A box per node, inputs to the left of what is computed from them: column = the longest way from a leaf.
std::string graph_commands(const std::vector<std::vector<std::string>>& nodes) {
    std::vector<int> column(nodes.size());
    std::vector<double> height(nodes.size());
    std::vector<int> in_column(nodes.size() + 1);
    std::string commands =
        "unset border\nunset xtics\nunset ytics\nunset key\nunset grid\nset xrange [-0.6:3.6]\nset yrange [-0.35:1.35]\n";
    const auto inputs_of = [&](std::size_t i) {
        std::vector<std::size_t> inputs;
        for (const std::size_t field : {4u, 5u})
            if (field < nodes[i].size() && !nodes[i][field].empty()) inputs.push_back(std::stoul(nodes[i][field]));
        return inputs;
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        for (const std::size_t input : inputs_of(i)) column[i] = std::max(column[i], column[input] + 1);
        height[i] = column[i] == 0 ? in_column[0] : 0.5;
        ++in_column[static_cast<std::size_t>(column[i])];
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::vector<std::size_t> inputs = inputs_of(i);
        for (std::size_t k = 0; k < inputs.size(); ++k) {
            const std::size_t from = inputs[k], other = inputs[inputs.size() - 1 - k];
            const bool above = height[from] == height[other] ? k == 0 : height[from] > height[other];
            const bool near = column[from] + 1 == column[i];
            const double shift = above ? 0.1 : near ? -0.1
                                                    : -0.2;
            commands += fmt::format("set arrow from {},{} to {},{} filled size 0.07,20 lw 1.5 lc rgb '#888888' back\n",
                                    column[from] + 0.36, height[from] + (near ? shift : -0.15),
                                    column[i] - 0.38, height[i] + shift);
        }
        commands += fmt::format(
            "set object rectangle center {0},{1} size 0.72,0.5 fillcolor rgb '#E8F1F8' fillstyle solid border lc rgb '#0072B2'\n"
            "set label '{2}' at {0},{1} + 0.15 center font ',15' front\n"
            "set label 'value {3}' at {0},{1} center font ',12' front\n"
            "set label 'gradient {4}' at {0},{1} - 0.15 center font ',12' textcolor rgb '#D55E00' front\n",
            column[i], height[i], nodes[i][1], nodes[i][2], nodes[i][3]);
    }
    return commands + "plot NaN\n";
}

constexpr const char* boundary_commands = R"(set palette defined (-1 '#F4CDB5', -0.15 '#FBEBE1', 0 '#ffffff', 0.15 '#E1EEF6', 1 '#B0D3E8')
set cbrange [-1.5:1.5]
unset colorbox
set size ratio -1
set xrange [-2:2]
set yrange [-1.6:1.6]
set xlabel 'x'
set ylabel 'y'
set key outside right top
plot data using 1:2:3 with image notitle, \
     $points using 1:($3 > 0 ? $2 : NaN) with points pt 7 ps 0.7 lc rgb colours[1] title 'side +1', \
     $points using 1:($3 < 0 ? $2 : NaN) with points pt 5 ps 0.7 lc rgb colours[2] title 'side -1'
)";

void draw_graph(app::Chapter& chapter) {
    const std::string csv = chapter.shown("graph");
    if (csv.empty()) return;
    const std::vector<std::vector<std::string>> nodes = rows_of(csv);
    app::say("L = (x y + x)^2 at x = 2, y = 3, in the order that your ordered() gives\n\n  node  value  gradient\n");
    for (const auto& node : nodes) app::say("{:>6}{:>7}{:>10}\n", node.at(1), node.at(2), node.at(3));
    app::say("\n");
    chapter.draw({.name = "graph",
                  .title = "L = (x y + x)^2: each node with its value and its gradient",
                  .csv = csv,
                  .commands = graph_commands(nodes),
                  .width = 900,
                  .height = 320});
}

void draw_boundary(app::Chapter& chapter) {
    const std::string csv = chapter.shown("boundary");
    if (csv.empty()) return;
    std::string points, plane = "x,y,score\n";
    int right = 0, all = 0;
    for (const auto& row : rows_of(csv)) {  // x, y, score, side; the plane itself has the side 0
        const double side = std::stod(row.at(3));
        (side == 0 ? plane : points) += fmt::format("{},{},{}\n", row[0], row[1], side == 0 ? row[2] : row[3]);
        if (side == 0) continue;
        ++all;
        if (side * std::stod(row[2]) > 0) ++right;
    }
    app::say("After 600 steps {} of {} points are on the right side.\n\n", right, all);
    chapter.draw({.name = "boundary",
                  .title = "A network of 33 scalars after 600 steps",
                  .csv = plane,
                  .commands = "$points << end\nx,y,side\n" + points + "end\n" + boundary_commands,
                  .width = 700,
                  .height = 480});
}

}  // namespace

void chapter_01(app::Chapter& chapter) {
    chapter.make_output("scalars");
    draw_graph(chapter);
    draw_boundary(chapter);
}

}  // namespace cairn::chapters
