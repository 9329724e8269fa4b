// mlp-bn: two hidden layers with batch normalization and dropout. 1,710,346 parameters, 1,708,810 of them trained.
#pragma once

#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential mlp_bn() {
    return nn::Sequential{
        nn::Input({32, 32, 3}),
        nn::Flatten(),
        nn::Dense(512),
        nn::BatchNormalization(),
        nn::Activation(nn::relu),
        nn::Dropout(0.2),
        nn::Dense(256),
        nn::BatchNormalization(),
        nn::Activation(nn::relu),
        nn::Dropout(0.2),
        nn::Dense(10),
    };
}

}  // namespace cairn::chapters
