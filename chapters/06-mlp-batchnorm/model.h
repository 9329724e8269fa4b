// mlp-bn: two hidden layers with batch normalization and dropout. 1,710,346 parameters, 1,708,810 of them trained.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential mlp_bn(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Flatten(),
        nn::Dense(512),
        nn::BatchNormalization(),
        nn::Activation(nn::relu),
        nn::Dropout(0.2),
        nn::Dense(256),
        nn::BatchNormalization(),
        nn::Activation(nn::relu),
        nn::Dropout(0.2),
        nn::Dense(images.class_count()),
    };
}

}  // namespace cairn::chapters
