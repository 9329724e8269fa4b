// mlp-l2: one hidden layer, held back by an L2 penalty and dropout. 1,578,506 parameters.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

namespace cairn::chapters {

// The same with another penalty lambda * (sum of W²) on the hidden layer's kernel W.
inline nn::Sequential mlp_with_penalty(const data::Description& images, double lambda) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Flatten(),
        nn::Dense(512, {.activation = nn::relu, .kernel_regularizer = nn::l2(lambda)}),
        nn::Dropout(0.2),
        nn::Dense(images.class_count()),
    };
}

inline nn::Sequential mlp_l2(const data::Description& images = data::cifar10()) { return mlp_with_penalty(images, 0.001); }

}  // namespace cairn::chapters
