// Models of one's own with cairn's whole command line:
//
//   own_model models
//   own_model train wide --epochs 2
//   own_model gradcheck narrow
#include <cairn/app/app.h>
#include <cairn/cairn.h>

namespace nn = cairn::nn;

// A function of the images makes the model, so that it trains on any data set.
template <std::int64_t filters>
nn::Sequential two_convolutions(const cairn::data::Description& images) {
    return nn::Sequential{
        nn::Input(images.image_shape),   nn::Conv2D(filters, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),        nn::Conv2D(2 * filters, {3, 3}, {.activation = nn::relu, .padding = nn::same}),
        nn::MaxPooling2D({2, 2}),        nn::Flatten(),
        nn::Dense(images.class_count()),
    };
}

int main(int argc, char** argv) {
    cairn::app::Registry registry;
    registry.add({.name = "narrow",
                  .description = "two convolutions of 8 and 16 filters",
                  .epochs = 5,
                  .batch_size = 32,
                  .make = two_convolutions<8>});
    registry.add({.name = "wide",
                  .description = "two convolutions of 32 and 64 filters",
                  .epochs = 5,
                  .batch_size = 32,
                  .make = two_convolutions<32>});
    return cairn::app::run(registry, argc, argv);
}
