// cnn-da-dropout: simple-cnn with a wider dense layer and dropout before the output. 315,722 parameters.
#pragma once

#include "cairn/nn/model.h"

namespace cairn::chapters {

inline nn::Sequential cnn_da_dropout() {
    return nn::Sequential{
        nn::Input({32, 32, 3}),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(128, {.activation = nn::relu}),
        nn::Dropout(0.5),
        nn::Dense(10),
    };
}

}  // namespace cairn::chapters
