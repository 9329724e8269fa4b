// What happens inside of a model: the numbers that its layers compute, and the gradients that come back.
#pragma once

#include "cairn/nn/model.h"
#include "cairn/train/loader.h"

#include <string>
#include <vector>

namespace cairn::train {

struct LayerValues {
    std::string name, type;          // "conv2d", "Conv2D"
    Shape output;                    // of one sample
    std::vector<float> activations;  // the layer's output (B, …), row by row
    std::vector<float> gradients{};  // of the batch's loss with respect to it; empty where none arrives
    double parameter_gradient = 0;   // the norm of the loss's gradient with respect to the layer's parameters
    bool has_parameters = false;     // that are trained
    bool has_kernel = false;         // one of them
};

// Of every layer but the input, for one batch. Layers are computed one by one. Moving statistics move as in a step of training
// where the call is one.
std::vector<LayerValues> layer_values(const nn::Model& model, const Batch& batch, const nn::Call& call);

// Grad-CAM (Selvaraju et al. 2017): where in a picture the last layer that still has places saw what speaks for a class. With A
// (H, W, C) the output of that layer for the picture and z the logit of the class,
//   weight[c] = mean over the places of dz/dA[., ., c],   map = relu(sum over c of weight[c] A[., ., c]).
struct ClassMap {
    std::int64_t height = 0, width = 0;
    std::vector<float> values;  // (height, width), from 0 to 1: the largest is 1, if there is one above 0
};
struct ClassMaps {
    std::string layer;           // empty where no layer has places: a dense network's model
    std::vector<ClassMap> maps;  // of each picture
};
// For each of the images (N, H, W, C) the map of its class, in inference.
ClassMaps class_maps(const nn::Model& model, const Tensor& images, const std::vector<std::int32_t>& classes);

}  // namespace cairn::train
