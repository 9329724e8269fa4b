// Confusion matrices as heatmaps: with their counts written in where there is room, as a picture with a square per count where
// there are many classes.
#include "cairn/core/error.h"
#include "cairn/report/embedded.h"
#include "cairn/report/figures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cairn::report {

namespace {

constexpr std::size_t most_written = 16;   // classes; a count would be wider than its square beyond
constexpr std::size_t most_named = 40;     // classes; of more, every second or third has its name at the axis
constexpr std::int64_t plot_pixels = 560;  // a matrix's width and height in the drawing, about

// ColorBrewer's Blues, as in confusion.gnuplot.
constexpr std::array<std::array<int, 3>, 9> blues = {{{0xF7, 0xFB, 0xFF},
                                                      {0xDE, 0xEB, 0xF7},
                                                      {0xC6, 0xDB, 0xEF},
                                                      {0x9E, 0xCA, 0xE1},
                                                      {0x6B, 0xAE, 0xD6},
                                                      {0x42, 0x92, 0xC6},
                                                      {0x21, 0x71, 0xB5},
                                                      {0x08, 0x51, 0x9C},
                                                      {0x08, 0x30, 0x6B}}};

// The colour of a count that is this share of the largest, between the two neighbouring blues.
std::array<std::uint8_t, 3> blue(double share) {
    const double at = share * (blues.size() - 1);
    const auto low = std::min(static_cast<std::size_t>(at), blues.size() - 2);
    const double f = at - static_cast<double>(low);
    std::array<std::uint8_t, 3> colour{};
    for (std::size_t c = 0; c < 3; ++c)
        colour[c] = static_cast<std::uint8_t>(std::lround((1 - f) * blues[low][c] + f * blues[low + 1][c]));
    return colour;
}

std::int64_t largest_count(const metrics::Counts& counts) {
    std::int64_t largest = 1;
    for (const auto& row : counts)
        for (const std::int64_t count : row) largest = std::max(largest, count);
    return largest;
}

// Of many classes most pairs are never confused: those have no line.
std::string csv_of(const std::vector<Heatmap>& heatmaps, bool all) {
    std::string csv = "matrix,actual,predicted,count\n";
    for (std::size_t m = 0; m < heatmaps.size(); ++m) {
        const metrics::Counts& counts = heatmaps[m].confusion.counts();
        for (std::size_t a = 0; a < counts.size(); ++a)
            for (std::size_t p = 0; p < counts.size(); ++p)
                if (all || counts[a][p] > 0) csv += fmt::format("{},{},{},{}\n", m, a, p, counts[a][p]);
    }
    return csv;
}

// The matrices side by side, each count a square of zoom x zoom pixels.
io::Image squares(const std::vector<Heatmap>& heatmaps, std::size_t size, std::int64_t zoom) {
    const auto side = static_cast<std::int64_t>(size) * zoom;
    io::Image image{side, side * static_cast<std::int64_t>(heatmaps.size()), {}};
    image.pixels.reserve(static_cast<std::size_t>(3 * image.height * image.width));
    for (std::int64_t y = 0; y < side; ++y)
        for (const auto& [heading, confusion] : heatmaps) {
            const auto& row = confusion.counts()[static_cast<std::size_t>(y / zoom)];
            const auto largest = static_cast<double>(largest_count(confusion.counts()));
            for (const std::int64_t count : row) {
                const std::array<std::uint8_t, 3> colour = blue(static_cast<double>(count) / largest);
                for (std::int64_t x = 0; x < zoom; ++x)
                    image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
            }
        }
    return image;
}

}  // namespace

Figure confusion_figure(const std::string& name, const std::string& title, const std::vector<std::string>& classes,
                        const std::vector<Heatmap>& heatmaps) {
    std::size_t size = 1;
    std::vector<std::string> titles, most;
    for (const auto& [heading, confusion] : heatmaps) {
        check(&heading == &heatmaps.front().title || confusion.counts().size() == size,
              "confusion matrices of {} and of {} classes cannot stand in one picture", size,
              confusion.counts().size());
        size = std::max<std::size_t>(1, confusion.counts().size());
        titles.push_back(gnuplot_string(heading));
        most.push_back(std::to_string(largest_count(confusion.counts())));
    }
    const bool several = heatmaps.size() > 1, written = size <= most_written;
    const int columns = several ? 2 : 1, rows = (static_cast<int>(heatmaps.size()) + columns - 1) / columns;
    const auto zoom = std::max<std::int64_t>(1, plot_pixels / static_cast<std::int64_t>(size));
    const int count_font = size <= 10 ? (several ? 14 : 15) : 9;
    const char* const tic_font = size <= 10 ? "" : size <= 20 ? ",12" : ",9";
    Figure figure{.name = name,
                  .title = title,
                  .csv = csv_of(heatmaps, written),
                  .commands = gnuplot_classes(classes, size, gnuplot_tic) + gnuplot_array("titles", titles) +
                              gnuplot_array("most", most) +
                              fmt::format("written = {:d}\nstep = {}\nzoom = {}\ncount_font = ',{}'\ntic_font = '{}'\n",
                                          written, (size + most_named - 1) / most_named, zoom, count_font, tic_font) +
                              std::string(embedded::confusion),
                  .width = 640 * columns,
                  .height = 620 * rows};
    if (!written) figure.pixels = squares(heatmaps, size, zoom);
    return figure;
}

}  // namespace cairn::report
