// original-cnn: three convolutions with pooling and three dense layers. 364,426 parameters.
// modified-cnn: a fourth block before the dense layers. 528,522 parameters.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential original_cnn(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(128, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(128, {.activation = nn::relu}),
        nn::Dense(64, {.activation = nn::relu}),
        nn::Dense(images.class_count()),
    };
}

inline nn::Sequential modified_cnn(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(128, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(256, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(128, {.activation = nn::relu}),
        nn::Dense(64, {.activation = nn::relu}),
        nn::Dense(images.class_count()),
    };
}

}  // namespace cairn::chapters
