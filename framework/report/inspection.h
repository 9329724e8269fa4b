// What is seen inside of a model, on one page: feature maps, filters, the spread of activations and gradients by layer, and where
// a class was seen.
#pragma once

#include "cairn/report/gnuplot.h"
#include "cairn/train/layer_values.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::report {

// Of many numbers: the 5th and the 95th percentile, the quartiles and the median. NaN where there are none.
struct Spread {
    double low, lower, median, upper, high;
};
Spread spread_of(std::vector<float> values);

// The layers of a model in one state, "before training" or "after": of each that computes something.
struct InspectedState {
    struct Layer {
        std::string name;
        Spread activations{};
        Spread gradients{};             // of log10 of their sizes, zeros left out
        double parameter_gradient = 0;  // its norm; NaN where there are no parameters
    };
    std::string name;
    std::vector<Layer> layers;
    struct Weights {
        std::string name;  // "conv2d/kernel"
        Spread spread;
    };
    std::vector<Weights> weights;
    std::vector<float> filters;  // see Inspection::filters
};
// Flattening, dropout and the like are left out, and of a model with very many layers all that have no kernel.
InspectedState inspected_state(const std::string& name, const std::vector<train::LayerValues>& values);

// A picture, and what the layers make of it.
struct InspectedPicture {
    std::string name, guess;  // "cat.png", "cat, 93.1 % sure"
    io::Image image;
    struct FeatureMaps {
        std::string layer;
        Shape shape;                // (H, W, C)
        std::vector<float> values;  // row by row
    };
    std::vector<FeatureMaps> layers{};
    train::ClassMap map{};  // empty where the model has no layer with places
};

struct Inspection {
    std::string title;
    std::vector<std::string> remarks{};    // what was looked at, a paragraph each
    std::vector<InspectedState> states{};  // one or two of the same model
    Shape filters{};           // (kh, kw, 3 or 1, filters), which the first layer lays over pictures; empty: none
    std::string filters_of{};  // its name
    std::vector<InspectedPicture> pictures{};
    std::string map_layer{};  // of which the pictures' maps are
    std::string command{};    // how to repeat it
};

// Writes report.html, and figures/ as SVG and PNG, into `folder`. Returns a line for the user if there are figures without a
// picture; else nothing. Throws Error if a file cannot be written.
std::string write_inspection(const std::filesystem::path& folder, const Inspection& inspection);

// The figures by themselves.
Figure feature_maps_figure(const std::string& name, const InspectedPicture& picture);
Figure filters_comparison(const Inspection& inspection);
Figure class_maps_figure(const std::vector<InspectedPicture>& pictures);

}  // namespace cairn::report
