// An op of one's own, with its gradient, checked and trained: softsign(x) = x / (1 + |x|) (Glorot and Bengio 2010).
//
//   y = x / (1 + |x|)      dx = dy / (1 + |x|)^2 = dy (1 - |y|)^2
//
// Prints the error of the gradient, then what a model learns that has the op as its activation.
#include <cairn/cairn.h>
#include <cairn/data/shapes10.h>

#include <cmath>

using namespace cairn;

// Loops over host memory serve the devices cpu and reference, in float32 and float64.
Tensor softsign(const Tensor& x) {
    const Tensor y = empty_like(x);
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < x.size(); ++i) y.data<T>()[i] = x.data<T>()[i] / (1 + std::abs(x.data<T>()[i]));
    });
    // The gradient reads y alone, so x need not be kept.
    return autograd::differentiable("softsign", {x}, y, [=](const Tensor& dy, autograd::Gradients& gradients) {
        const Tensor dx = gradients.slot(0);
        if (!dx.defined()) return;
        with_float(dy.dtype(), [&]<typename T>() {
            for (std::int64_t i = 0; i < dx.size(); ++i) {
                const T slope = 1 - std::abs(y.data<T>()[i]);
                dx.data<T>()[i] = dy.data<T>()[i] * slope * slope;
            }
        });
    });
}

int main() {
    const std::vector<double> values{-30, -2, -0.5, 0.25, 1, 4, 100, 0.125};
    const auto report = autograd::gradcheck([](const Tensors& x) { return softsign(x[0]); },
                                            {from_values({2, 4}, values, Device::cpu())});
    fmt::print("gradient of softsign: error {:.1e}, {}\n", report.error(), report.passed() ? "right" : "WRONG");

    const data::Split data = data::make_shapes10(0, 2'000, 500);
    nn::Sequential model{
        nn::Input(data.train.image_shape),
        nn::Conv2D(16, {3, 3}, {.activation = softsign}),
        nn::MaxPooling2D({4, 4}),
        nn::Flatten(),
        nn::Dense(10),
    };
    model.initialize({.device = Device::cpu(), .seed = 1});
    optim::Adam adam({.learning_rate = 2e-3});
    const train::History history = train::fit(model, adam, data.train, data.test, {.epochs = 3, .batch_size = 50});
    fmt::print("accuracy on the test images: {:.3f}\n", history.epochs.back().val_accuracy);
    return report.passed() ? 0 : 1;
}
