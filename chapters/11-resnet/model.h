// resnet: six convolutions with batch normalization, in three blocks. 437,674 parameters, 436,778 of them trained. The notebook
// calls it a ResNet, but it has no skip connection.
// resnet-skip: the same convolutions with what the name promises: each block adds its input to its output (He, Zhang, Ren, Sun
// 2016), brought to the same number of channels by a 1x1 convolution where they differ.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/functional.h"

namespace cairn::chapters {

inline nn::Sequential resnet(const data::Description& images = data::cifar10()) {
    return nn::Sequential{
        nn::Input(images.image_shape),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
        nn::BatchNormalization(),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(128, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::Conv2D(128, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::BatchNormalization(),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(128, {.activation = nn::relu}),
        nn::Dropout(0.5),
        nn::Dense(images.class_count()),
    };
}

// (H, W, C) -> (H, W, filters): two 3x3 convolutions, and the input added to what they make of it.
inline nn::Value residual_block(nn::Value x, std::int64_t filters) {
    nn::Value shortcut = x;
    if (x.shape()[-1] != filters)
        shortcut = x | nn::Conv2D(filters, {1, 1}) | nn::BatchNormalization();
    x = x | nn::Conv2D(filters, {3, 3}, {.padding = nn::same});
    x = x | nn::BatchNormalization();
    x = x | nn::Activation(nn::relu);
    x = x | nn::Conv2D(filters, {3, 3}, {.padding = nn::same});
    x = x | nn::BatchNormalization();
    x = nn::add(x, shortcut);
    return x | nn::Activation(nn::relu);
}

inline nn::Functional resnet_skip(const data::Description& images = data::cifar10()) {
    return nn::Functional(images.image_shape, [&](nn::Value x) {
        x = residual_block(x, 32);
        x = x | nn::MaxPooling2D({2, 2});
        x = residual_block(x, 64);
        x = x | nn::MaxPooling2D({2, 2});
        x = residual_block(x, 128);
        x = x | nn::MaxPooling2D({2, 2});
        x = x | nn::Flatten();
        x = x | nn::Dense(128, {.activation = nn::relu});
        x = x | nn::Dropout(0.5);
        return x | nn::Dense(images.class_count());
    });
}

}  // namespace cairn::chapters
