// resnet: six convolutions with batch normalization, in three blocks. 437,674 parameters, 436,778 of them trained. The notebook
// calls it a ResNet, but it has no skip connection.
// resnet-skip: the same convolutions with what the name promises: each block adds its input to its output (He, Zhang, Ren, Sun
// 2016), brought to the same number of channels by a 1x1 convolution where they differ.
// plain-20 and res-20: their networks of 20 layers for CIFAR-10, without skips and with them; nothing else differs. 271,098
// and 274,042 parameters, 269,722 and 272,474 of them trained.
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

// (H, W, C) -> (H / stride, W / stride, filters): two 3x3 convolutions, the first one with the stride. With `skip` the input is
// added to what they make of it, by a 1x1 convolution with the same stride where the shapes differ.
inline nn::Value pair_of_convolutions(nn::Value x, std::int64_t filters, int stride, bool skip) {
    nn::Value shortcut = x;
    const nn::Conv2DOptions first{.strides = {stride, stride},
                                  .padding = nn::same,
                                  .use_bias = false,  // batch normalization subtracts it again
                                  .kernel_initializer = nn::he_normal()};
    nn::Conv2DOptions second = first;
    second.strides = {1, 1};
    if (skip && (stride != 1 || x.shape()[-1] != filters))
        shortcut = x | nn::Conv2D(filters, {1, 1}, first) | nn::BatchNormalization();
    x = x | nn::Conv2D(filters, {3, 3}, first);
    x = x | nn::BatchNormalization();
    x = x | nn::Activation(nn::relu);
    x = x | nn::Conv2D(filters, {3, 3}, second);
    x = x | nn::BatchNormalization();
    if (skip) x = nn::add(x, shortcut);
    return x | nn::Activation(nn::relu);
}

// 1 + 3 * 6 convolutions and a dense layer.
inline nn::Functional twenty_layers(const data::Description& images, bool skip) {
    return nn::Functional(images.image_shape, [&](nn::Value x) {
        x = x | nn::Conv2D(16, {3, 3}, {.padding = nn::same, .use_bias = false, .kernel_initializer = nn::he_normal()});
        x = x | nn::BatchNormalization();
        x = x | nn::Activation(nn::relu);
        for (const std::int64_t filters : {16, 32, 64})
            for (int pair = 0; pair < 3; ++pair)
                x = pair_of_convolutions(x, filters, filters > 16 && pair == 0 ? 2 : 1, skip);
        x = x | nn::GlobalAveragePooling2D();
        return x | nn::Dense(images.class_count());
    });
}

inline nn::Functional plain_20(const data::Description& images = data::cifar10()) { return twenty_layers(images, false); }
inline nn::Functional res_20(const data::Description& images = data::cifar10()) { return twenty_layers(images, true); }

}  // namespace cairn::chapters
