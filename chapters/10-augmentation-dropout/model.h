// cnn-da-dropout: simple-cnn with a wider dense layer and dropout before the output. 315,722 parameters.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential cnn_da_dropout(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(128, {.activation = nn::relu}),
        nn::Dropout(0.5),
        nn::Dense(images.class_count()),
    };
}

}  // namespace cairn::chapters
