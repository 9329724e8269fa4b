// Chapter 3: how many multiplications and additions per second your three products do, beside OpenBLAS and what one thread of this
// machine can do at most.
#include "cairn/app/chapter.h"
#include "cairn/app/text.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace cairn::chapters {

namespace {

// A cache, and the largest n for which three matrices (n, n) of float64 fit into it.
struct Cache {
    const char* name;
    long bytes;
    double n() const { return std::sqrt(static_cast<double>(bytes) / (3 * 8)); }
};

std::vector<Cache> caches() {
    std::vector<Cache> all{{"L1", ::sysconf(_SC_LEVEL1_DCACHE_SIZE)}, {"L2", ::sysconf(_SC_LEVEL2_CACHE_SIZE)}, {"L3", ::sysconf(_SC_LEVEL3_CACHE_SIZE)}};
    std::erase_if(all, [](const Cache& cache) { return cache.bytes <= 0; });
    return all;
}

constexpr const char* drawing = R"(set logscale xy 2
set xlabel 'n'
set ylabel 'GFLOP/s'
set key below horizontal Left reverse samplen 3
set label 1 'peak of one thread' at graph 0.02, first peak * 1.3 textcolor rgb '#555555'
set arrow 1 from graph 0, first peak to graph 1, first peak nohead dt 2 lw 1.5 lc rgb '#555555'
set yrange [*:peak * 2]
array titles[4] = ['three loops', 'ikj', 'blocks of 64', 'OpenBLAS']
array order[4] = [2, 1, 3, 7]
plot for [i = 1:4] data using 1:i + 1 with linespoints lw 2 pt 7 ps 0.5 lc rgb colours[order[i]] title titles[i]
)";

std::string commands(double peak, double largest) {
    std::string text = fmt::format("peak = {}\nset xrange [14:{}]\n", peak, largest * 1.15);
    int i = 10;
    for (const Cache& cache : caches()) {
        if (cache.n() > largest || cache.n() < 14) continue;
        text += fmt::format(
            "set arrow {0} from {1:.1f}, graph 0 to {1:.1f}, graph 1 nohead lw 1 lc rgb '#bbbbbb' back\n"
            "set label {0} '{2}' at {1:.1f}, graph 0.04 offset 0.4,0 textcolor rgb '#555555'\n",
            i++, cache.n(), cache.name);
    }
    return text + drawing;
}

}  // namespace

void chapter_03(app::Chapter& chapter) {
    chapter.make_output("products");
    const std::string csv = chapter.shown(chapter.is_short() ? "short" : "times", 110);
    if (csv.empty()) return;
    std::istringstream lines(csv);
    std::string header, first, line, rows, field;
    std::getline(lines, header);
    std::getline(lines, first);
    const double peak = std::stod(first.substr(first.find(',') + 1));
    app::TextTable table(std::vector<app::Align>(5, app::Align::right));
    table.add({"n", "three loops", "ikj", "blocks of 64", "OpenBLAS"});
    double largest = 0;
    while (std::getline(lines, line)) {
        rows += line + "\n";
        std::istringstream fields(line);
        std::vector<std::string> row;
        while (std::getline(fields, field, ',')) row.push_back(row.empty() || field == "nan" ? field : fmt::format("{:.2f}", std::stod(field)));
        largest = std::stod(row.at(0));
        std::ranges::replace(row, "nan", "-");
        table.add(row);
    }
    app::say("GFLOP/s of y = x w, all three (n, n), float64, one thread; 2 n^3 operations\n\n{}\n", table.str());
    app::say("peak of one thread: {:.1f} GFLOP/s\n", peak);
    for (const Cache& cache : caches())
        app::say("{}: {} kB, three matrices up to n = {:.0f}\n", cache.name, cache.bytes / 1024, cache.n());
    app::say("\n");
    chapter.draw({.name = "gflops",
                  .title = "The product of two n x n matrices",
                  .csv = header + "\n" + rows,
                  .commands = commands(peak, largest),
                  .width = 700,
                  .height = 470});
}

}  // namespace cairn::chapters
