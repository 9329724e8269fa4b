// How large the numbers are that each layer with a ReLU hands on: the figure of chapter 9.
#pragma once

#include "cairn/autograd/graph.h"
#include "cairn/report/figures.h"
#include "cairn/train/loader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace cairn::chapters {

// Of one layer's output: its 5 %, 25 %, 50 %, 75 % and 95 % quantiles.
using Spread = std::array<double, 5>;

// Of each convolution and hidden dense layer of a chain, for the first 64 images in training mode: what goes on to the next layer,
// behind the ReLU and, where there is one, the batch norm. The moving statistics are left as they were.
inline std::vector<Spread> activations(const nn::Model& model, const data::Dataset& images) {
    const autograd::NoGrad guard;
    const Tensor state = model.state();
    std::vector<std::byte> before(state.defined() ? state.bytes() : 0);
    if (state.defined()) state.download(before.data());
    const data::Dataset some = images.first(64);
    train::Loader loader(model, some);
    Tensor x = loader.load(data::Batches(some, some.size()), 0).images;
    std::vector<Spread> all;
    const std::vector<nn::NamedLayer>& layers = model.layers();
    for (std::size_t i = 1; i + 1 < layers.size(); ++i) {
        const std::string type = layers[i].layer->type();
        x = layers[i].layer->apply(std::array{x}, {.training = true, .dropout = false});
        const bool normalized = layers[i + 1].layer->type() == "BatchNormalization";
        if (type != "BatchNormalization" && (normalized || (type != "Conv2D" && type != "Dense"))) continue;
        std::vector<float> values = x.to_vector<float>();
        std::ranges::sort(values);
        Spread spread;
        for (std::size_t q = 0; q < 5; ++q)
            spread[q] = values[static_cast<std::size_t>(std::array{0.05, 0.25, 0.5, 0.75, 0.95}[q] *
                                                        static_cast<double>(values.size() - 1))];
        all.push_back(spread);
    }
    if (state.defined()) state.upload(before.data());
    return all;
}

// Titles and four of these: without and with batch norm at the start, and the same after an epoch.
inline report::Figure activation_figure(const std::vector<std::pair<std::string, std::vector<Spread>>>& four) {
    std::string csv = "layer";
    for (const auto& [title, layers] : four)
        for (const char* q : {"5 %", "25 %", "50 %", "75 %", "95 %"}) csv += fmt::format(",\"{}: {}\"", title, q);
    for (std::size_t i = 0; i < four.front().second.size(); ++i) {
        csv += fmt::format("\n{}", i + 1);
        for (const auto& [title, layers] : four)
            for (const double value : layers.at(i)) csv += fmt::format(",{:.5g}", value);
    }
    std::string commands =
        "unset key\nset xrange [0.4:5.6]\nset xtics 1\nset boxwidth 0.5\n"
        "set style fill solid 0.5\nset multiplot layout 2,2\n";
    for (std::size_t i = 0; i < four.size(); ++i) {
        const std::size_t q = 5 * i + 2;  // the column of the 5 % quantile
        commands += fmt::format(
            "set title {}\nset xlabel '{}'\n"
            "plot data using 1:{}:{}:{}:{} with candlesticks lw 2 lc rgb colours[{}] whiskerbars 0.5, \\\n"
            "     data using 1:{}:{}:{}:{} with candlesticks lw 3 lc rgb '#000000'\n",
            report::gnuplot_string(four[i].first), i < 2 ? "" : "layer", q + 1, q, q + 4, q + 3, i % 2 + 1,
            q + 2, q + 2, q + 2, q + 2);
    }
    return {.name = "activations",
            .title = "Outputs of the layers with and without batch normalization",
            .csv = csv + "\n",
            .commands = commands + "unset multiplot\n",
            .width = 720,
            .height = 560};
}

}  // namespace cairn::chapters
