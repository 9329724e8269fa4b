// A small DenseNet: every convolution of a block sees the outputs of all before it (Huang, Liu, van der Maaten and Weinberger
// 2017).
//
//   densenet train densenet --epochs 15 --augment --learning-rate 0.002 --schedule cosine
//   densenet summary densenet
#include <cairn/app/app.h>
#include <cairn/cairn.h>

namespace nn = cairn::nn;

nn::Value dense_block(nn::Value x, int convolutions, std::int64_t growth) {
    for (int i = 0; i < convolutions; ++i) {
        nn::Value more = x | nn::BatchNormalization() | nn::Activation(nn::relu);
        more = more | nn::Conv2D(growth, {3, 3}, {.padding = nn::same, .use_bias = false});
        x = nn::concatenate({x, more});
    }
    return x;
}

nn::Functional densenet(const cairn::data::Description& images) {
    return nn::Functional(images.image_shape, [&](nn::Value x) {
        x = x | nn::Conv2D(48, {3, 3}, {.strides = {2, 2}, .padding = nn::same, .use_bias = false});
        for (const std::int64_t filters : {96, 128}) {
            x = dense_block(x, 4, 24) | nn::BatchNormalization() | nn::Activation(nn::relu);
            x = x | nn::Conv2D(filters, {1, 1}, {.use_bias = false}) | nn::AveragePooling2D({2, 2});
        }
        x = dense_block(x, 4, 24) | nn::BatchNormalization() | nn::Activation(nn::relu);
        return x | nn::GlobalAveragePooling2D() | nn::Dense(images.class_count());
    });
}

int main(int argc, char** argv) {
    cairn::app::Registry registry;
    registry.add({.name = "densenet",
                  .description = "three blocks of four convolutions, each of which sees all before it",
                  .epochs = 15,
                  .batch_size = 64,
                  .make = densenet});
    return cairn::app::run(registry, argc, argv);
}
