// The model of mortal_cairn: of every kind of layer that a run's options can tell apart, and small.
#pragma once

#include "cairn/backend/devices.h"
#include "cairn/data/description.h"
#include "cairn/nn/model.h"
#include "cairn/train/weights.h"

namespace cairn::test {

inline constexpr int tiny_epochs = 3;
inline constexpr std::int64_t tiny_batch_size = 8;

inline nn::Model tiny_model(const data::Description& images = data::cifar10()) {
    return nn::Sequential(nn::Input(images.image_shape), nn::MaxPooling2D({8, 8}), nn::Flatten(), nn::Dense(6),
                          nn::BatchNormalization(), nn::Dropout(0.2), nn::Dense(images.class_count()));
}

// With the weights of a file, on the reference device: what a command computes with `--device reference` is the same here, bit
// for bit.
inline nn::Model trained_tiny_model(const std::filesystem::path& weights) {
    nn::Model model = tiny_model();
    model.initialize({.device = Device::reference()});
    train::load_weights(model, "tiny", weights);
    return model;
}

}  // namespace cairn::test
