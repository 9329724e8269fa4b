// A loop written by hand, with a loss of one's own: the squared error between softmax(logits) and the one-hot label (Brier
// 1950), summed over the classes and averaged over the batch,
//
//   loss = 1/B * sum over b, c of (softmax(logits)[b,c] - onehot[b,c])^2
//
// Prints the mean loss of each epoch, then the accuracy on the test images.
#include <cairn/cairn.h>
#include <cairn/data/shapes10.h>

using namespace cairn;

Tensor brier_score(const Tensor& logits, const Tensor& onehot) {
    const Tensor squares = ops::square(ops::sub(ops::softmax(logits), onehot));
    return ops::mean(ops::sum(squares, {1}));
}

// The labels of a batch as rows with a 1 at the label.
Tensor onehot(const std::vector<std::int32_t>& labels, std::int64_t classes) {
    const auto size = static_cast<std::int64_t>(labels.size());
    std::vector<float> rows(static_cast<std::size_t>(size * classes), 0.F);
    for (std::int64_t b = 0; b < size; ++b)
        rows[static_cast<std::size_t>(b * classes + labels[static_cast<std::size_t>(b)])] = 1;
    return from_values({size, classes}, rows, Device::cpu());
}

int main() {
    const data::Split data = data::make_shapes10(0, 2'000, 500);
    nn::Sequential model{
        nn::Input(data.train.image_shape),
        nn::Conv2D(16, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({4, 4}),
        nn::Flatten(),
        nn::Dense(10),
    };
    model.initialize({.device = Device::cpu(), .seed = 1});
    optim::Adam adam({.learning_rate = 2e-3});

    const std::int64_t batch_size = 50;
    std::uint32_t step = 0;
    for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
        const data::Batches batches(data.train, batch_size, 1, epoch);  // shuffled, in another order each epoch
        double sum = 0;
        for (std::int64_t i = 0; i < batches.count(); ++i, ++step) {
            const std::int64_t size = batches.size_of(i);
            std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size * data.train.image_bytes()));
            std::vector<std::int32_t> labels(static_cast<std::size_t>(size));
            batches.gather(i, pixels.data(), labels.data());
            const Tensor bytes = from_values(data.train.image_shape.prepend(size), pixels, Device::cpu());

            model.clear_gradients();
            const Tensor logits = model(ops::scale_pixels(bytes), {.training = true, .seed = 1, .step = step});
            const Tensor loss = brier_score(logits, onehot(labels, 10));
            autograd::backward(loss);
            model.complete_gradients();
            adam.update(model.values(), model.gradients());
            sum += loss.item();
        }
        fmt::print("epoch {}: loss {:.4f}\n", epoch + 1, sum / static_cast<double>(batches.count()));
    }
    fmt::print("accuracy on the test images: {:.3f}\n", train::evaluate(model, data.test).accuracy);
}
