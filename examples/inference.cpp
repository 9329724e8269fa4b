// inference MODEL.safetensors PICTURE.png…: what a trained model takes pictures for. No autograd, no optimizer.
//
// The weights are those that `./cairn train simple-cnn` writes; the file tells the names of the classes.
#include <cairn/cairn.h>
#include <cairn/io/png.h>
#include <cairn/io/resize.h>

#include <algorithm>

using namespace cairn;

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "usage: inference MODEL.safetensors PICTURE.png...\n");
        return 2;
    }
    try {
        nn::Sequential model{
            nn::Input({32, 32, 3}),
            nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
            nn::MaxPooling2D({2, 2}),
            nn::Conv2D(64, {3, 3}, {.activation = nn::relu}),
            nn::MaxPooling2D({2, 2}),
            nn::Flatten(),
            nn::Dense(64, {.activation = nn::relu}),
            nn::Dense(10),
        };
        model.initialize({.device = Device::cpu()});
        const std::vector<std::string> classes = train::class_names(train::load_weights(model, "simple-cnn", argv[1]));
        const autograd::NoGrad no_graph;
        for (int i = 2; i < argc; ++i) {
            const io::Image picture = io::resize(io::read_png(argv[i]), 32, 32);
            const Tensor pixels = ops::scale_pixels(from_values({1, 32, 32, 3}, picture.pixels, Device::cpu()));
            const std::vector<float> p = ops::softmax(model(pixels, {})).to_vector<float>();
            const auto best = static_cast<std::size_t>(std::ranges::max_element(p) - p.begin());
            fmt::print("{}: {} ({:.0f}%)\n", argv[i], classes.at(best), 100 * p[best]);
        }
    } catch (const Error& error) {
        fmt::print(stderr, "inference: {}\n", error.what());
        return 1;
    }
}
