// original-cnn-bn: original-cnn with batch normalization after every ReLU. 366,090 parameters, 365,258 of them trained.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential original_cnn_bn(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(128, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(128, {.activation = nn::relu}),
        nn::BatchNormalization(),
        nn::Dense(64, {.activation = nn::relu}),
        nn::BatchNormalization(),
        nn::Dense(images.class_count()),
    };
}

}  // namespace cairn::chapters
