#include "cairn/report/inspection.h"

#include "cairn/core/file.h"
#include "cairn/io/resize.h"
#include "cairn/report/layer_figures.h"
#include "cairn/report/mosaic.h"
#include "cairn/report/page.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace cairn::report {

namespace {

constexpr std::int64_t columns = 12;   // channels of a layer
constexpr std::size_t most_rows = 24;  // layers
constexpr std::int64_t side = 64, gap = 6, names_width = 300;

// One channel of (H, W, C) values as grey: 0 is black and `largest` white, or, of values with both signs, 0 is medium grey.
io::Image grey_picture(const Shape& shape, std::span<const float> values, std::int64_t channel, float largest,
                       bool both_signs) {
    io::Image picture{shape[0], shape[1], {}};
    for (std::int64_t i = 0; i < shape[0] * shape[1]; ++i) {
        const float value = values[static_cast<std::size_t>(i * shape[2] + channel)];
        const float share = std::isfinite(value) ? std::clamp(value / largest, -1.0F, 1.0F) : 0;
        const auto grey =
            static_cast<std::uint8_t>(std::lround(both_signs ? 127.5F * (1 + share) : 255 * std::max(share, 0.0F)));
        picture.pixels.insert(picture.pixels.end(), 3, grey);
    }
    return picture;
}

float largest_of(std::span<const float> values) {
    float largest = 1e-12F;
    for (const float value : values)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    return largest;
}

void put_fitted(Mosaic& mosaic, std::size_t cell, const io::Image& picture, std::int64_t into) {
    const Fit fit = fit_into(into, picture.height, picture.width);
    mosaic.put(cell, io::resize(picture, fit.height, fit.width), fit.zoom);
}

// The layers that are drawn, evenly chosen where there are too many.
std::vector<const InspectedPicture::FeatureMaps*> chosen_layers(const InspectedPicture& picture) {
    std::vector<const InspectedPicture::FeatureMaps*> chosen;
    const std::size_t all = picture.layers.size(), count = std::min(all, most_rows);
    for (std::size_t i = 0; i < count; ++i)
        chosen.push_back(&picture.layers[count == 1 ? 0 : i * (all - 1) / (count - 1)]);
    return chosen;
}

std::string row_names(const std::vector<std::string>& names, std::int64_t cell_height) {
    std::vector<std::string> quoted;
    for (const std::string& name : names) quoted.push_back(gnuplot_string(name));
    return fmt::format("captions = 2\nnames_width = {}\ncell_height = {}\n", names_width, cell_height) +
           gnuplot_array("classes", quoted);
}

Figure with_names(Figure figure) {
    figure.width += names_width;
    return figure;
}

// From dark blue by green to yellow, as light as the value is high (after Nunez et al. 2018, which colour-blind readers see alike).
std::array<double, 3> heat(double value) {
    constexpr std::array<std::array<double, 3>, 4> stops{{{0, 32, 76}, {91, 96, 110}, {171, 160, 108}, {255, 233, 69}}};
    const double at = std::clamp(value, 0.0, 1.0) * 3;
    const auto i = static_cast<std::size_t>(std::min(2.0, std::floor(at)));
    std::array<double, 3> colour{};
    for (std::size_t c = 0; c < 3; ++c)
        colour[c] = stops[i][c] + (at - static_cast<double>(i)) * (stops[i + 1][c] - stops[i][c]);
    return colour;
}

// The picture and, beside it, the picture with its map over it.
io::Image picture_and_map(const InspectedPicture& picture, std::int64_t into) {
    const std::int64_t longer = std::max(picture.image.height, picture.image.width);
    const std::int64_t height = picture.image.height * into / longer, width = picture.image.width * into / longer;
    const io::Image plain = io::resize(picture.image, height, width);
    io::Image map{picture.map.height, picture.map.width, {}};
    for (const float value : picture.map.values)
        map.pixels.insert(map.pixels.end(), 3, static_cast<std::uint8_t>(std::lround(255 * value)));
    map = io::resize(map, height, width);
    io::Image both{height, 2 * width + gap, {}};
    both.pixels.assign(static_cast<std::size_t>(both.height * both.width * 3), 255);
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            const auto from = static_cast<std::size_t>((y * width + x) * 3);
            const auto left = static_cast<std::size_t>((y * both.width + x) * 3),
                       right = left + static_cast<std::size_t>(3 * (width + gap));
            const std::array<double, 3> colour = heat(map.pixels[from] / 255.0);
            const double grey =
                0.299 * plain.pixels[from] + 0.587 * plain.pixels[from + 1] + 0.114 * plain.pixels[from + 2];
            for (std::size_t c = 0; c < 3; ++c) {
                both.pixels[left + c] = plain.pixels[from + c];
                both.pixels[right + c] = static_cast<std::uint8_t>(std::lround(0.45 * grey + 0.55 * colour[c]));
            }
        }
    return both;
}

}  // namespace

Figure feature_maps_figure(const std::string& name, const InspectedPicture& picture) {
    const auto layers = chosen_layers(picture);
    Mosaic mosaic((layers.size() + 1) * columns, columns, side + gap, side + gap);
    put_fitted(mosaic, 0, picture.image, side);
    std::string csv = "row,channels,largest,layer\n0,,,picture\n";
    std::vector<std::string> names{"the picture"};
    for (std::size_t row = 1; row <= layers.size(); ++row) {
        const auto& [layer, shape, values] = *layers[row - 1];
        const float largest = largest_of(values);
        const bool both_signs = std::ranges::any_of(values, [](float value) { return value < 0; });
        for (std::int64_t c = 0; c < std::min(columns, shape[2]); ++c)
            put_fitted(mosaic, row * columns + static_cast<std::size_t>(c),
                       grey_picture(shape, values, c, largest, both_signs), side);
        csv += fmt::format("{},{},{:.6g},{}\n", row, shape[2], largest, layer);
        names.push_back(fmt::format("{} {} x {}", layer, shape[0], shape[1]));
    }
    return with_names(
        mosaic_figure(name, "What the layers make of " + picture.name, csv, mosaic, row_names(names, side + gap), 40));
}

Figure filters_comparison(const Inspection& inspection) {
    constexpr std::int64_t most_filters = 48;
    const Shape& shape = inspection.filters;
    const std::int64_t filters = std::min(shape[3], most_filters), channels = shape[2];
    const std::int64_t blocks = (filters + columns - 1) / columns;
    const auto states = static_cast<std::int64_t>(inspection.states.size());
    float largest = 1e-12F;
    for (const InspectedState& state : inspection.states) largest = std::max(largest, largest_of(state.filters));

    Mosaic mosaic(static_cast<std::size_t>(blocks * states * columns), columns, side + gap, side + gap);
    std::string csv = "row,filters\n";
    std::vector<std::string> names;
    for (std::int64_t row = 0; row < blocks * states; ++row) {
        const InspectedState& state = inspection.states[static_cast<std::size_t>(row % states)];
        const std::int64_t first = row / states * columns, count = std::min(columns, filters - first);
        for (std::int64_t f = first; f < first + count; ++f) {
            io::Image picture{shape[0], shape[1], {}};
            for (std::int64_t i = 0; i < shape[0] * shape[1] * channels; ++i) {
                const float weight = state.filters[static_cast<std::size_t>(i * shape[3] + f)];
                const float share = std::isfinite(weight) ? weight / largest : 0;
                picture.pixels.insert(picture.pixels.end(), static_cast<std::size_t>(3 / channels),
                                      static_cast<std::uint8_t>(std::lround(127.5F * (1 + share))));
            }
            put_fitted(mosaic, static_cast<std::size_t>(row * columns + f - first), picture, side);
        }
        csv += fmt::format("{},{}\n", row, count);
        names.push_back(state.name);
    }
    return with_names(mosaic_figure("filters",
                                    fmt::format("{} filters of {}, from {:.3g} (black) to {:.3g} (white)", filters,
                                                inspection.filters_of, -largest, largest),
                                    csv, mosaic, row_names(names, side + gap), 40));
}

Figure class_maps_figure(const std::vector<InspectedPicture>& pictures) {
    constexpr std::int64_t in_a_row = 3, picture_side = 128, width = 2 * picture_side + 34, caption = 66;
    Mosaic mosaic(pictures.size(), in_a_row, picture_side + caption, width);
    std::string csv = "picture,name,guess\n";
    std::vector<std::string> names, guesses;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        mosaic.put(i, picture_and_map(pictures[i], picture_side), 1);
        std::string name = pictures[i].name;
        std::ranges::replace(name, ',', ' ');
        csv += fmt::format("{},{},{}\n", i, name, i);
        names.push_back(gnuplot_string(name));
        guesses.push_back(gnuplot_string(pictures[i].guess));
    }
    const std::string variables =
        fmt::format("captions = 3\ncolumns = {}\ncell_width = {}\ncell_height = {}\npicture_height = {}\n", in_a_row,
                    width, picture_side + caption, picture_side) +
        gnuplot_array("texts", names) + gnuplot_array("more", guesses);
    return mosaic_figure("class-maps", "Where the class was seen", csv, mosaic, variables, 50);
}

std::string write_inspection(const std::filesystem::path& folder, const Inspection& inspection) {
    Gnuplot gnuplot(folder / "figures", true);
    Page page(inspection.title);
    for (const std::string& remark : inspection.remarks) page.paragraph(remark);
    if (!inspection.map_layer.empty()) {
        page.section("Where the class was seen");
        page.figure(
            gnuplot, class_maps_figure(inspection.pictures),
            fmt::format("Each picture, and over it, from blue to yellow, what in the output of {} speaks for the class "
                        "that it was taken for (Grad-CAM).",
                        inspection.map_layer));
    }
    for (std::size_t i = 0; i < inspection.pictures.size(); ++i) {
        const InspectedPicture& picture = inspection.pictures[i];
        if (picture.layers.empty()) continue;
        page.section("What the layers make of " + picture.name);
        page.figure(
            gnuplot, feature_maps_figure(fmt::format("feature-maps-{}", i + 1), picture),
            "The first channels of every layer, each layer on a scale of its own: black is 0 and white its largest "
            "value, or, of a layer with negative values, medium grey is 0.");
    }
    if (inspection.filters.rank() > 0) {
        page.section("Filters");
        page.figure(
            gnuplot, filters_comparison(inspection),
            "The weights that the first layer lays over pictures, red, green and blue ones as colours, all on one "
            "scale; medium grey is 0.");
    }
    if (!inspection.states.empty()) {
        page.section("Layer by layer");
        for (const Figure& figure : layer_figures(inspection.states))
            page.figure(gnuplot, figure,
                        figure.name == "gradient-norms"
                            ? figure.title + "."
                            : figure.title +
                                  ": boxes from the lower to the upper quartile with the median, whiskers from the "
                                  "5th to the 95th percentile.");
    }
    if (!gnuplot.message().empty()) page.warning(gnuplot.message());
    page.section("How to repeat it");
    page.code(inspection.command);
    write_file(folder / "report.html", page.html());
    return gnuplot.message();
}

}  // namespace cairn::report
