// Chapter 0: the map of the course, as a table and as a picture.
#include "cairn/app/chapter.h"
#include "cairn/app/text.h"

#include <vector>

namespace cairn::chapters {

namespace {

struct Station {
    int number;
    const char* title;
    const char* hours;
    std::vector<int> needs;
    double x, y;  // in the picture
};

const std::vector<Station> stations = {
    {0, "start", "0.5", {}, 0, 1},
    {1, "scalars to a graph", "4", {0}, 1, 2},
    {2, "tensors, gradcheck", "5", {0}, 1, 0},
    {3, "matrix product", "5", {2}, 2, 0},
    {4, "training loop", "5", {1, 2}, 2, 1},
    {5, "MLP with L2", "3", {4}, 3, 1.5},
    {6, "batch norm, dropout", "5", {5}, 4, 2},
    {7, "convolution", "6", {3, 4}, 3, 0.5},
    {8, "deeper CNNs", "3", {7}, 4, 0.5},
    {9, "batch norm on a CNN", "4", {6, 8}, 5, 1.5},
    {10, "augmentation", "3", {8}, 5, 0.5},
    {11, "ResNet", "4", {9}, 6, 1.5},
    {12, "all nine compared", "3", {10, 11}, 7, 1},
    {13, "Vulkan", "6", {3}, 4, -0.5},
    {14, "capstone", "10", {12, 13}, 8, 0.5},
};

// gnuplot's commands: an arrow for each "needs", a box for each chapter.
std::string map_commands() {
    std::string commands =
        "unset border\nunset xtics\nunset ytics\nunset key\nunset grid\nset xrange [-0.6:8.6]\nset yrange [-1:2.5]\n";
    for (const Station& to : stations)
        for (const int need : to.needs) {
            const Station& from = stations[static_cast<std::size_t>(need)];
            commands += fmt::format("set arrow from {},{} to {},{} filled size 0.08,20 lw 1.5 lc rgb '#888888' back\n",
                                    from.x + 0.42, from.y, to.x - 0.42, to.y);
        }
    for (const Station& station : stations) {
        commands += fmt::format(
            "set object rectangle center {0},{1} size 0.84,0.36 fillcolor rgb '#E8F1F8' fillstyle solid "
            "border lc rgb '#0072B2'\n"
            "set label '{2}' at {0},{1} + 0.07 center font ',13' front\n"
            "set label '{3}' at {0},{1} - 0.08 center font ',8' front\n",
            station.x, station.y, station.number, station.title);
    }
    return commands + "plot NaN\n";
}

}  // namespace

void chapter_00(app::Chapter& chapter) {
    chapter.make_output("map");
    app::TextTable table({app::Align::right, app::Align::left, app::Align::right, app::Align::left});
    table.add({"chapter", "is about", "hours", "needs"});
    for (const Station& station : stations)
        table.add({std::to_string(station.number), station.title, station.hours,
                   fmt::format("{}", fmt::join(station.needs, ", "))});
    app::say("{}\n", table.str());
    chapter.draw({.name = "map",
                  .title = "The chapters, and what each one needs",
                  .csv = "nothing\n",
                  .commands = map_commands(),
                  .width = 1000,
                  .height = 420});
}

}  // namespace cairn::chapters
