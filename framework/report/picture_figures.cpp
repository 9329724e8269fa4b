// Figures made of pictures.
#include "cairn/core/error.h"
#include "cairn/io/resize.h"
#include "cairn/report/figures.h"
#include "cairn/report/mosaic.h"

#include <algorithm>
#include <cmath>

namespace cairn::report {

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
        mistake.image = images.picture(mistake.index);
        mistake.index = images.index_in_files(mistake.index);
    }
    return mistakes;
}

Figure mistakes_figure(const std::vector<std::string>& classes, const std::vector<Mistake>& mistakes) {
    constexpr std::int64_t columns = 3, width = 190, picture_side = 128, caption_height = 86;
    const io::Image empty{picture_side, picture_side, {}};
    const io::Image& first = mistakes.empty() ? empty : mistakes.front().image;  // all are of one size
    const Fit fit = fit_into(picture_side, first.height, first.width);
    const std::int64_t picture_height = fit.zoom * fit.height;
    Mosaic mosaic(mistakes.size(), columns, picture_height + caption_height, width);
    std::string csv = "index,actual,predicted,confidence\n";
    std::int32_t last_label = 0;
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
        const Mistake& m = mistakes[i];
        mosaic.put(i, io::resize(m.image, fit.height, fit.width), fit.zoom);
        csv += fmt::format("{},{},{},{:.6f}\n", m.index, m.actual, m.predicted, m.confidence);
        last_label = std::max({last_label, m.actual, m.predicted});
    }
    const std::string variables =
        fmt::format("captions = 1\ncolumns = {}\ncell_width = {}\ncell_height = {}\npicture_height = {}\n", columns,
                    width, picture_height + caption_height, picture_height) +
        gnuplot_classes(classes, static_cast<std::size_t>(last_label) + 1, gnuplot_string);
    return mosaic_figure("mistakes", "The most confident mistakes", csv, mosaic, variables, 50);
}

Figure samples_figure(const data::Dataset& images, std::int64_t columns) {
    constexpr std::int64_t side = 64, gap = 4, most_rows = 40, margin = 16, letter_width = 9, most_letters = 40;
    const Fit fit = fit_into(side, images.image_shape[0], images.image_shape[1]);
    const std::int64_t rows = std::min<std::int64_t>(most_rows, static_cast<std::int64_t>(images.classes.size()));
    std::int64_t letters = 1;  // of the longest name; one outside of ASCII counts for each of its bytes
    for (const std::string& name : std::span(images.classes).first(static_cast<std::size_t>(rows)))
        letters = std::max(letters, static_cast<std::int64_t>(name.size()));
    const std::int64_t names_width = margin + letter_width * std::min(letters, most_letters);
    const std::int64_t width = fit.zoom * fit.width + gap, height = fit.zoom * fit.height + gap;
    Mosaic mosaic(static_cast<std::size_t>(rows * columns), columns, height, width);
    std::vector<std::int64_t> placed(static_cast<std::size_t>(rows));
    for (std::int64_t i = 0; i < images.size(); ++i) {
        const std::int64_t label = images.labels[static_cast<std::size_t>(i)];
        if (label >= rows || placed[static_cast<std::size_t>(label)] == columns) continue;
        const std::int64_t column = placed[static_cast<std::size_t>(label)]++;
        mosaic.put(static_cast<std::size_t>(label * columns + column),
                   io::resize(images.picture(i), fit.height, fit.width), fit.zoom);
    }
    std::string csv = "row,samples\n";
    for (std::int64_t row = 0; row < rows; ++row)
        csv += fmt::format("{},{}\n", row, placed[static_cast<std::size_t>(row)]);
    const std::string variables =
        fmt::format("captions = 2\nnames_width = {}\ncell_height = {}\n", names_width, height) +
        gnuplot_classes(images.classes, static_cast<std::size_t>(rows), gnuplot_string);
    Figure figure = mosaic_figure("samples", "Training images of " + images.name, csv, mosaic, variables, 40);
    figure.width += names_width;
    return figure;
}

namespace {

// One filter of a kernel (height, width, channels, filters), scaled by its largest weight; numbers that are not finite are shown
// as 0. The weights are added to the lines of `csv`.
io::Image filter_picture(const Shape& shape, std::span<const float> kernel, std::int64_t filter, std::string& csv) {
    const std::int64_t width = shape[1], channels = shape[2], weights = shape[0] * width * channels;
    const auto weight = [&](std::int64_t i) { return kernel[static_cast<std::size_t>(i * shape[3] + filter)]; };
    float largest = 1e-12F;
    for (std::int64_t i = 0; i < weights; ++i)
        if (std::isfinite(weight(i))) largest = std::max(largest, std::abs(weight(i)));
    io::Image picture{shape[0], width, {}};
    for (std::int64_t i = 0; i < weights; ++i) {
        const float share = std::isfinite(weight(i)) ? weight(i) / largest : 0;
        const auto value = static_cast<std::uint8_t>(std::lround(127.5F * (1 + share)));
        picture.pixels.insert(picture.pixels.end(), static_cast<std::size_t>(3 / channels), value);
        if (i % channels == 0) csv += fmt::format("{},{},{}", filter, i / channels / width, i / channels % width);
        csv += fmt::format(",{:.6g}{}", weight(i), i % channels == channels - 1 ? "\n" : "");
    }
    return picture;
}

}  // namespace

Figure filters_figure(const Shape& shape, std::span<const float> kernel) {
    constexpr std::int64_t columns = 8, side = 72, most_filters = 512;
    invariant(shape.rank() == 4 && (shape[2] == 1 || shape[2] == 3) && shape[0] >= 1 && shape[1] >= 1 &&
                  static_cast<std::int64_t>(kernel.size()) == shape.size(),
              "a kernel of {} weights as {}", kernel.size(), shape);
    const std::int64_t filters = std::min(shape[3], most_filters);
    const Fit fit = fit_into(side - 6, shape[0], shape[1]);
    Mosaic mosaic(static_cast<std::size_t>(filters), columns, side, side);
    std::string csv = shape[2] == 3 ? "filter,row,column,red,green,blue\n" : "filter,row,column,grey\n";
    for (std::int64_t f = 0; f < filters; ++f)
        mosaic.put(static_cast<std::size_t>(f),
                   io::resize(filter_picture(shape, kernel, f, csv), fit.height, fit.width), fit.zoom);
    const std::string which = filters < shape[3] ? "first " : "";
    return mosaic_figure("filters", fmt::format("The {}{} filters of the first convolution", which, filters), csv,
                         mosaic, "captions = 0\n", 40);
}

}  // namespace cairn::report
