// What the layers of simple-cnn make of one picture, and what of the picture they see.
#pragma once

#include "cairn/autograd/graph.h"
#include "cairn/report/embedded.h"
#include "cairn/report/figures.h"
#include "cairn/train/loader.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cairn::chapters {

// The outputs of the layers 0 … last for the input x: what the model computes, layer by layer.
inline Tensors outputs_of(const nn::Model& model, const Tensor& x, std::size_t last) {
    Tensors outputs{x};
    for (std::size_t i = 1; i <= last; ++i)
        outputs.push_back(model.layers()[i].layer->apply(std::array{outputs.back()}, {.fuse = false}));
    return outputs;
}

inline io::Image white(std::int64_t height, std::int64_t width) {
    return {height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3), 255)};
}

// colour(row, column) of a picture of side x side pixels, drawn as squares of `across` x `across` pixels altogether.
template <typename Colour>
void paint(io::Image& image, std::int64_t top, std::int64_t left, std::int64_t side, std::int64_t across, const Colour& colour) {
    for (std::int64_t y = 0; y < across; ++y)
        for (std::int64_t x = 0; x < across; ++x) {
            const std::array<std::uint8_t, 3> rgb = colour(y * side / across, x * side / across);
            std::copy_n(rgb.begin(), 3, &image.pixels[static_cast<std::size_t>(((top + y) * image.width + left + x) * 3)]);
        }
}

inline std::array<std::uint8_t, 3> grey(double share) {
    const auto value = static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
    return {value, value, value};
}

// The picture, and below it eight channels of each of the layers 1 … 4; white is the layer's largest number, black is 0.
inline report::Figure feature_maps_figure(const nn::Model& model, const data::Dataset& one_image) {
    const autograd::NoGrad guard;
    const Tensor x = train::Loader(model, one_image).load(data::Batches(one_image, 1), 0).images;
    const Tensors outputs = outputs_of(model, x, 4);
    constexpr std::int64_t columns = 8, across = 60, cell = 66;
    io::Image image = white(5 * cell, columns * cell);
    const io::Image picture = one_image.picture(0);
    paint(image, 0, 0, picture.height, across, [&](std::int64_t row, std::int64_t column) {
        const std::uint8_t* p = &picture.pixels[static_cast<std::size_t>((row * picture.width + column) * 3)];
        return std::array{p[0], p[1], p[2]};
    });
    std::vector<std::string> names{report::gnuplot_string("picture " + x.shape().str())};
    std::string csv = "row,samples\n0,1\n";
    for (std::size_t l = 1; l <= 4; ++l) {
        const std::vector<float> y = to_dtype(outputs[l], DType::float32).to_vector<float>();
        const std::int64_t side = outputs[l].dim(1), width = outputs[l].dim(2), channels = outputs[l].dim(3);
        const double most = std::max(*std::ranges::max_element(y), 1e-12F);
        for (std::int64_t c = 0; c < columns; ++c)
            paint(image, static_cast<std::int64_t>(l) * cell, c * cell, side, across, [&](std::int64_t row, std::int64_t column) {
                const double value = y[static_cast<std::size_t>((row * width + column) * channels + c)];
                return grey(std::sqrt(std::max(value, 0.0) / most));  // the root shows small numbers too
            });
        names.push_back(report::gnuplot_string(model.layers()[l].name + " " + outputs[l].shape().str()));
        csv += fmt::format("{},{}\n", l, columns);
    }
    return {.name = "feature-maps",
            .title = "One picture, and eight channels of what each layer makes of it",
            .csv = csv,
            .commands = fmt::format("pixels_width = {}\npixels_height = {}\ncaptions = 2\nnames_width = 250\ncell_height = {}\n{}{}",
                                    image.width, image.height, cell, report::gnuplot_array("classes", names),
                                    report::embedded::pictures),
            .width = static_cast<int>(image.width) + 250,
            .height = static_cast<int>(image.height) + 40,
            .pixels = image};
}

// What a number of a layer's output can see along one side: `size` pixels, the next number's `step` pixels further on.
struct ReceptiveField {
    std::int64_t size = 1, step = 1;
};
// A window of k numbers that lie `step` pixels apart, each of which sees `size`: k - 1 steps more.
inline ReceptiveField behind(const ReceptiveField& before, std::int64_t k, std::int64_t stride) {
    return {before.size + (k - 1) * before.step, before.step * stride};
}
// Of simple-cnn's layers 1 … 4.
inline std::array<ReceptiveField, 4> receptive_fields() {
    std::array<ReceptiveField, 4> fields{};
    ReceptiveField field;
    for (std::size_t i = 0; i < 4; ++i) fields[i] = field = i % 2 == 0 ? behind(field, 3, 1) : behind(field, 2, 2);
    return fields;
}

// For the layers 1 … 4: how strongly the number in the middle of the layer's output, summed over the channels, depends on each
// pixel of the picture (its gradient), and a frame around the pixels that it can depend on.
inline report::Figure receptive_field_figure(const nn::Model& model, const data::Dataset& one_image) {
    constexpr std::int64_t zoom = 6, gap = 12;
    const Tensor pixels = train::Loader(model, one_image).load(data::Batches(one_image, 1), 0).images;
    const std::int64_t side = pixels.dim(1), across = side * zoom;
    io::Image image = white(across, 4 * (across + gap));
    std::string csv = "layer,size,step\n", labels;
    for (std::size_t l = 1; l <= 4; ++l) {
        const Tensor x = autograd::variable(pixels), y = outputs_of(model, x, l).back();
        const std::int64_t i = y.dim(1) / 2, j = y.dim(2) / 2, channels = y.dim(3);
        std::vector<float> middle(static_cast<std::size_t>(y.size()), 0.0F);
        std::fill_n(middle.begin() + (i * y.dim(2) + j) * channels, channels, 1.0F);
        autograd::backward(y, from_values(y.shape(), middle, y.device()));
        const std::vector<float> dx = autograd::gradient(x).to_vector<float>();
        std::vector<double> strength(static_cast<std::size_t>(side * side));
        for (std::size_t p = 0; p < dx.size(); ++p) strength[p / static_cast<std::size_t>(pixels.dim(3))] += std::abs(static_cast<double>(dx[p]));
        const double most = std::max(*std::ranges::max_element(strength), 1e-12);
        const ReceptiveField field = receptive_fields()[l - 1];
        const std::int64_t top = i * field.step, left = j * field.step;
        paint(image, 0, static_cast<std::int64_t>(l - 1) * (across + gap), side, across, [&](std::int64_t row, std::int64_t column) {
            const bool around = row >= top - 1 && row <= top + field.size && column >= left - 1 && column <= left + field.size;
            const bool inside = row >= top && row < top + field.size && column >= left && column < left + field.size;
            if (around && !inside) return std::array<std::uint8_t, 3>{0xD5, 0x5E, 0x00};
            return grey(0.08 + std::sqrt(strength[static_cast<std::size_t>(row * side + column)] / most));
        });
        csv += fmt::format("{},{},{}\n", model.layers()[l].name, field.size, field.step);
        labels += fmt::format("set label {} at {}, -14 center\n",
                              report::gnuplot_string(fmt::format("{}: {} × {}", model.layers()[l].name, field.size, field.size)),
                              static_cast<std::int64_t>(l - 1) * (across + gap) + across / 2);
    }
    model.clear_gradients();
    return {.name = "receptive-field",
            .title = "The pixels that one number of each layer depends on",
            .csv = csv,
            .commands = labels + fmt::format(R"(unset border
unset tics
unset key
unset grid
set lmargin 0
set rmargin 0
set bmargin 0
set xrange [0:{}]
set yrange [-30:{}]
plot name . '-pixels.png' binary filetype=png origin=(0.5,0.5) with rgbimage
)",
                                             image.width, image.height),
            .width = static_cast<int>(image.width),
            .height = static_cast<int>(image.height) + 70,
            .pixels = image};
}

}  // namespace cairn::chapters
