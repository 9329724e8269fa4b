// mlp-l2: one hidden layer, held back by an L2 penalty and dropout. 1,578,506 parameters.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential mlp_l2(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Flatten(),
        nn::Dense(512, {.activation = nn::relu, .kernel_regularizer = nn::l2(0.001)}),
        nn::Dropout(0.2),
        nn::Dense(images.class_count()),
    };
}

}  // namespace cairn::chapters
