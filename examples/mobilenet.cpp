// A small MobileNet: blocks of a convolution of each channel by itself and one of 1 x 1 windows, which mixes the channels
// (Howard et al. 2017), for an eighth of the arithmetic of a convolution of 3 x 3 windows over all channels.
//
//   mobilenet train mobilenet --epochs 15 --augment --learning-rate 0.002 --schedule cosine
//   mobilenet summary mobilenet
#include <cairn/app/app.h>
#include <cairn/cairn.h>

namespace nn = cairn::nn;

nn::Value block(nn::Value x, std::int64_t filters, std::int64_t stride) {
    x = x | nn::DepthwiseConv2D({3, 3}, {.strides = {stride, stride}, .padding = nn::same, .use_bias = false});
    x = x | nn::BatchNormalization() | nn::Activation(nn::relu);
    x = x | nn::Conv2D(filters, {1, 1}, {.use_bias = false});
    return x | nn::BatchNormalization() | nn::Activation(nn::relu);
}

nn::Functional mobilenet(const cairn::data::Description& images) {
    return nn::Functional(images.image_shape, [&](nn::Value x) {
        x = x | nn::Conv2D(32, {3, 3}, {.padding = nn::same, .use_bias = false});
        x = x | nn::BatchNormalization() | nn::Activation(nn::relu);
        x = block(block(x, 64, 1), 64, 2);
        x = block(block(x, 128, 1), 128, 2);
        x = block(block(x, 256, 1), 256, 1);
        return x | nn::GlobalAveragePooling2D() | nn::Dense(images.class_count());
    });
}

int main(int argc, char** argv) {
    cairn::app::Registry registry;
    registry.add({.name = "mobilenet",
                  .description = "depthwise convolutions and convolutions of 1 x 1 windows",
                  .epochs = 15,
                  .batch_size = 64,
                  .make = mobilenet});
    return cairn::app::run(registry, argc, argv);
}
