// Heatmaps, and figures made of pictures.
#include "report/figures.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace cairn::report {

namespace {

// Pictures of one size in a grid on white, every pixel enlarged to a square of zoom x zoom.
class Mosaic {
public:
    Mosaic(std::size_t count, std::int64_t columns, std::int64_t cell_height, std::int64_t cell_width)
        : columns_(columns), cell_height_(cell_height), cell_width_(cell_width) {
        image_.height = (static_cast<std::int64_t>(count) + columns - 1) / columns * cell_height;
        image_.width = columns * cell_width;
        image_.pixels.assign(static_cast<std::size_t>(image_.height * image_.width * 3), 255);
    }

    // Puts a picture in the middle of the upper edge of cell i.
    void put(std::size_t i, const io::Image& picture, std::int64_t zoom) {
        const auto cell = static_cast<std::int64_t>(i);
        const std::int64_t top = cell / columns_ * cell_height_;
        const std::int64_t left = cell % columns_ * cell_width_ + (cell_width_ - zoom * picture.width) / 2;
        for (std::int64_t y = 0; y < zoom * picture.height; ++y)
            for (std::int64_t x = 0; x < zoom * picture.width; ++x)
                std::copy_n(&picture.pixels[static_cast<std::size_t>((y / zoom * picture.width + x / zoom) * 3)], 3,
                            &image_.pixels[static_cast<std::size_t>(((top + y) * image_.width + left + x) * 3)]);
    }

    const io::Image& image() const { return image_; }

private:
    std::int64_t columns_, cell_height_, cell_width_;
    io::Image image_;
};

// One pixel of the mosaic is one pixel of the figure; y counts upwards from the mosaic's lower edge.
std::string plot_mosaic(const std::string& name, const std::string& title, const io::Image& mosaic) {
    return fmt::format(
        "set title {}\nunset border\nunset tics\nunset key\nset lmargin 0\nset rmargin 0\nset bmargin 0\nset tmargin "
        "2.5\n"
        "set xrange [0:{}]\nset yrange [0:{}]\n"
        "plot '{}-pixels.png' binary filetype=png origin=(0.5,0.5) with rgbimage\n",
        gnuplot_string(title), mosaic.width, mosaic.height, name);
}

std::string class_name(const std::vector<std::string>& classes, std::size_t label) {
    return label < classes.size() ? classes[label] : std::to_string(label);
}

}  // namespace

Figure confusion_figure(const std::string& name, const std::string& title, const std::vector<std::string>& classes,
                        const std::vector<Heatmap>& heatmaps) {
    std::string csv = "matrix,actual,predicted,count\n", tics;
    const std::size_t size = heatmaps.empty() ? 0 : heatmaps[0].counts.size();
    for (std::size_t c = 0; c < size; ++c)
        tics += fmt::format("{}{} {}", c == 0 ? "" : ", ", gnuplot_tic(class_name(classes, c)), c);

    const int columns = heatmaps.size() > 1 ? 2 : 1;
    const int rows = (static_cast<int>(heatmaps.size()) + columns - 1) / columns;
    std::string commands = fmt::format(
        "# ColorBrewer's Blues; a count on a dark square is written in white.\n"
        "set palette defined (0 '#F7FBFF', 1 '#DEEBF7', 2 '#C6DBEF', 3 '#9ECAE1', 4 '#6BAED6', 5 '#4292C6', 6 "
        "'#2171B5', "
        "7 '#08519C', 8 '#08306B')\n"
        "unset colorbox\nunset key\nunset grid\nset border 0\nset tics scale 0\nset style fill solid noborder\n"
        "set xrange [-0.5:{0}.5]\nset yrange [{0}.5:-0.5]\nset xtics ({1}) rotate by 45 right\nset ytics ({1})\n"
        "set xlabel 'Predicted'\nset ylabel 'Actual'\n",
        static_cast<std::int64_t>(size) - 1, tics);
    if (heatmaps.size() > 1) commands += fmt::format("set multiplot layout {},{}\n", rows, columns);
    for (std::size_t m = 0; m < heatmaps.size(); ++m) {
        std::int64_t most = 1;
        for (std::size_t a = 0; a < size; ++a)
            for (std::size_t p = 0; p < size; ++p) {
                most = std::max(most, heatmaps[m].counts[a][p]);
                csv += fmt::format("{},{},{},{}\n", m, a, p, heatmaps[m].counts[a][p]);
            }
        const std::string squares = fmt::format("'{}.csv' using ($1 == {} ? $3 : NaN):2:", name, m);
        const std::string text = squares + fmt::format(
                                               "($4 {{}} {} ? sprintf('%d', $4) : '') with labels textcolor "
                                               "rgb '{{}}' font ',{}'",
                                               most / 2, heatmaps.size() > 1 ? 14 : 15);
        commands += fmt::format("set title {}\nset cbrange [0:{}]\n", gnuplot_string(heatmaps[m].title), most);
        commands += "plot " + squares +
                    "($3 - 0.5):($3 + 0.5):($2 - 0.5):($2 + 0.5):4 with boxxyerror fillcolor palette, \\\n     " +
                    fmt::format(fmt::runtime(text), "<=", "#222222") + ", \\\n     " +
                    fmt::format(fmt::runtime(text), ">", "white") + "\n";
    }
    if (heatmaps.size() > 1) commands += "unset multiplot\n";
    return {
        .name = name, .title = title, .csv = csv, .commands = commands, .width = 640 * columns, .height = 620 * rows};
}

std::vector<Mistake> most_confident_mistakes(const data::Dataset& images, std::span<const float> logits, int n) {
    const std::size_t classes = images.classes.size();
    invariant(logits.size() == images.labels.size() * classes, "{} logits for {} images of {} classes", logits.size(),
              images.labels.size(), classes);
    std::vector<Mistake> mistakes;
    for (std::size_t i = 0; i < images.labels.size(); ++i) {
        const std::span<const float> row = logits.subspan(i * classes, classes);
        const auto top = std::ranges::max_element(row);
        const auto predicted = static_cast<std::int32_t>(top - row.begin());
        if (predicted == images.labels[i]) continue;
        double sum = 0;  // softmax: exp(z[c]) / sum, with the largest logit taken out of both
        for (const float z : row) sum += std::exp(static_cast<double>(z) - static_cast<double>(*top));
        mistakes.push_back({.index = static_cast<std::int64_t>(i),
                            .image = {},
                            .actual = images.labels[i],
                            .predicted = predicted,
                            .confidence = 1 / sum});
    }
    std::ranges::stable_sort(mistakes, std::ranges::greater{}, &Mistake::confidence);
    mistakes.resize(std::min(mistakes.size(), static_cast<std::size_t>(n)));
    for (Mistake& mistake : mistakes) {
        const std::span<const std::uint8_t> pixels = images.image(mistake.index);
        mistake.image = {images.image_shape[0], images.image_shape[1], {pixels.begin(), pixels.end()}};
        mistake.index = images.index_in_files(mistake.index);
    }
    return mistakes;
}

Figure mistakes_figure(const std::vector<std::string>& classes, const std::vector<Mistake>& mistakes) {
    constexpr std::int64_t columns = 3, width = 190, height = 214, zoom = 4;
    Mosaic mosaic(mistakes.size(), columns, height, width);
    std::string csv = "index,actual,predicted,confidence\n", labels;
    const std::int64_t top = mosaic.image().height;
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
        const Mistake& m = mistakes[i];
        mosaic.put(i, m.image, zoom);
        csv += fmt::format("{},{},{},{:.6f}\n", m.index, m.actual, m.predicted, m.confidence);
        const auto cell = static_cast<std::int64_t>(i);
        const std::string lines[] = {"actual: " + class_name(classes, static_cast<std::size_t>(m.actual)),
                                     "predicted: " + class_name(classes, static_cast<std::size_t>(m.predicted)),
                                     fmt::format("{:.2f} % sure", 100 * m.confidence)};
        for (std::int64_t line = 0; line < 3; ++line)
            labels += fmt::format("set label {} at {},{} center front\n", gnuplot_string(lines[line]),
                                  cell % columns * width + width / 2,
                                  top - cell / columns * height - zoom * m.image.height - 16 - 20 * line);
    }
    const std::string title = "The most confident mistakes";
    return {.name = "mistakes",
            .title = title,
            .csv = csv,
            .commands = labels + plot_mosaic("mistakes", title, mosaic.image()),
            .width = static_cast<int>(mosaic.image().width),
            .height = static_cast<int>(top) + 50,
            .pixels = mosaic.image()};
}

Figure filters_figure(std::array<std::int64_t, 4> shape, std::span<const float> kernel) {
    constexpr std::int64_t columns = 8, side = 72;
    const auto [height, width, channels, filters] = shape;
    invariant(channels == 3 && static_cast<std::int64_t>(kernel.size()) == height * width * 3 * filters,
              "a kernel of {} weights as ({}, {}, {}, {})", kernel.size(), height, width, channels, filters);
    Mosaic mosaic(static_cast<std::size_t>(filters), columns, side, side);
    std::string csv = "filter,row,column,red,green,blue\n";
    const std::int64_t zoom = std::max<std::int64_t>(1, (side - 6) / std::max(height, width));
    for (std::int64_t f = 0; f < filters; ++f) {
        const auto weight = [&](std::int64_t place) { return kernel[static_cast<std::size_t>(place * filters + f)]; };
        float largest = 1e-12F;
        for (std::int64_t place = 0; place < height * width * 3; ++place)
            largest = std::max(largest, std::abs(weight(place)));
        io::Image picture{height, width, {}};
        for (std::int64_t place = 0; place < height * width * 3; ++place) {
            picture.pixels.push_back(static_cast<std::uint8_t>(std::lround(127.5F * (1 + weight(place) / largest))));
            if (place % 3 == 0) csv += fmt::format("{},{},{}", f, place / 3 / width, place / 3 % width);
            csv += fmt::format(",{:.6g}{}", weight(place), place % 3 == 2 ? "\n" : "");
        }
        mosaic.put(static_cast<std::size_t>(f), picture, zoom);
    }
    const std::string title = fmt::format("The {} filters of the first convolution", filters);
    return {.name = "filters",
            .title = title,
            .csv = csv,
            .commands = plot_mosaic("filters", title, mosaic.image()),
            .width = static_cast<int>(mosaic.image().width),
            .height = static_cast<int>(mosaic.image().height) + 40,
            .pixels = mosaic.image()};
}

}  // namespace cairn::report
