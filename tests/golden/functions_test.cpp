// Activations, initializers and regularizers against Keras itself.
#include "cairn/autograd/graph.h"
#include "cairn/nn/activation_layer.h"
#include "cairn/optim/optimizer.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/fit.h"
#include "golden/golden.h"
#include "support/compare.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

// Catches another default of alpha or slope, gelu's two forms taken for each other, and a formula that fails far out. The
// points lie between -1e4 and 1e4. Keras on TensorFlow rounds the numbers in gelu's formulas and leaky_relu's slope to float32
// when it computes in float64, too: by up to 2^-24.
TEST(KerasGolden, Activations) {
    const Golden numbers_of_keras = golden("activations");
    struct {
        const char* name;
        nn::ActivationFunction function;
        bool rounded = false;
    } const rows[] = {
        {"sigmoid", nn::sigmoid},
        {"tanh", nn::tanh},
        {"silu", nn::silu},
        {"softplus", nn::softplus},
        {"gelu", nn::gelu(), true},
        {"gelu_tanh", nn::gelu(true), true},
        {"elu", nn::elu()},
        {"elu_0.75", nn::elu(0.75)},
        {"leaky_relu", nn::leaky_relu(), true},
        {"LeakyReLU", [](const Tensor& x) { return nn::LeakyReLU().forward(x, {}); }, true},
        {"softmax",
         [](const Tensor& x) {
             return nn::softmax(ops::reshape(x, {3, 11}));
         }},
    };
    const std::vector<double> points = numbers(numbers_of_keras.at("x"));
    for (const auto& row : rows)
        for (const Setting& setting : settings) {
            const Tensor x =
                autograd::variable(to_device(to_dtype(numbers_of_keras.at("x"), setting.dtype), setting.device));
            const Tensor y = row.function(x);
            std::vector<double> cotangent(33, 1);
            if (std::string(row.name) == "softmax")
                for (std::uint32_t i = 0; i < 33; ++i) cotangent[i] = (bits(i, 3000) >> 8) / 8388608.0 - 1;
            const Tensor dy = empty_like(y);
            set(dy, cotangent);
            autograd::backward(y, dy);
            const std::string name = row.name;
            const std::vector<double> wanted = numbers(numbers_of_keras.at(name + "/y")), got = numbers(y),
                                      wanted_dx = numbers(numbers_of_keras.at(name + "/dx")),
                                      got_dx = numbers(autograd::gradient(x));
            for (std::size_t i = 0; i < points.size(); ++i) {
                const double relative = std::max(setting.tolerance, row.rounded ? 0x1p-24 : 0);
                EXPECT_NEAR(got[i], wanted[i], relative * std::max(1.0, std::abs(wanted[i])))
                    << name << "(" << points[i] << ") on " << name_of(setting);
                EXPECT_NEAR(got_dx[i], wanted_dx[i], relative) << name << "'(" << points[i] << ")";
            }
        }
}

// Keras draws other numbers, but as many, so means and variances agree within five standard errors of both. Catches a
// variance without truncation's correction, and a fan for the other.
TEST(KerasGolden, InitializersHaveKerasVariances) {
    const Golden numbers_of_keras = golden("initializers");
    const std::map<std::string, nn::Initializer> initializers{
        {"GlorotUniform", nn::glorot_uniform()},
        {"GlorotNormal", nn::glorot_normal()},
        {"HeUniform", nn::he_uniform()},
        {"HeNormal", nn::he_normal()},
        {"LecunUniform", nn::lecun_uniform()},
        {"LecunNormal", nn::lecun_normal()},
        {"RandomUniform", nn::random_uniform()},
        {"RandomNormal", nn::random_normal()},
        {"TruncatedNormal", nn::truncated_normal()},
    };
    for (const auto& [name, initializer] : initializers) {
        RandomStream random({5, stream_of(Purpose::test), 0});
        const std::vector<double> values = initializer({3, 5, 20, 120}, random);
        double mean = 0, square = 0, largest = 0;
        for (const double v : values) {
            mean += v / 36000;
            square += v * v / 36000;
            largest = std::max(largest, std::abs(v));
        }
        const std::vector<double> keras = numbers(numbers_of_keras.at(name));
        EXPECT_NEAR(mean, keras[0], 5 * std::sqrt(2 * keras[1] / 36000)) << name;
        EXPECT_NEAR(square / keras[1], 1, 5 * std::sqrt(4 / 36000.)) << name;
        // The largest of so many: sharp where the distribution ends, within a fifth where it has a tail.
        EXPECT_NEAR(largest / keras[2], 1, name == "RandomNormal" ? 0.2 : 0.01) << name;
    }
}

// W^T W of a tall kernel, W W^T of a wide one: the products that Keras's have are ours.
TEST(KerasGolden, OrthogonalSeesKernelsAsKerasDoes) {
    const Golden numbers_of_keras = golden("initializers");
    for (const auto& [name, shape] : {std::pair<std::string, Shape>{"tall", {3, 2, 2, 5}}, {"wide", {4, 9}}}) {
        RandomStream random({5, stream_of(Purpose::test), 0});
        const Tensor w =
            from_values(Shape{shape.size() / shape[-1], shape[-1]}, nn::orthogonal(1.5)(shape, random), Device::cpu());
        const Tensor products = name == "tall" ? ops::matmul(w, w, true) : ops::matmul(w, w, false, true);
        EXPECT_LT(relative_error(products, numbers_of_keras.at("Orthogonal/" + name)), 1e-12) << name;
    }
}

// Catches a penalty on outputs that is not divided by the batch, taken before the activation, or missing in validation and
// in evaluate (whose last batch is smaller), and a bias that is not penalized.
TEST(KerasGolden, RegularizersInFitAndEvaluate) {
    const Golden expected = golden("regularizers");
    const auto labels = [](int count) {
        std::vector<std::int32_t> all;
        for (int i = 0; i < count; ++i) all.push_back(i % 10);
        return all;
    };
    const data::Dataset images = formula_images({2, 2, 3}, 3110, labels(12));
    const data::Dataset validation = formula_images({2, 2, 3}, 3111, labels(7));
    for (const Setting& setting : settings) {
        nn::Sequential model{nn::Input({2, 2, 3}),
                             nn::Conv2D(4, {2, 2},
                                        {.activation = nn::relu,
                                         .padding = nn::same,
                                         .kernel_regularizer = nn::l1(0.03125),
                                         .bias_regularizer = nn::l2(0.5),
                                         .activity_regularizer = nn::l1_l2(0.015625, 0.0625)}),
                             nn::Flatten(),
                             nn::Dense(10, {.kernel_regularizer = nn::l1_l2(0.03125, 0.0625),
                                            .bias_regularizer = nn::l1(0.125),
                                            .activity_regularizer = nn::l2(0.125)})};
        model.initialize({.device = setting.device, .dtype = setting.dtype});
        set_weights(model, 3100);
        optim::Sgd sgd({.learning_rate = 0.0625});
        const train::History history = train::fit(model, sgd, images, validation, {.epochs = 3, .batch_size = 12});
        const std::vector<double> loss = numbers(expected.at("loss")), val_loss = numbers(expected.at("val_loss"));
        ASSERT_EQ(history.epochs.size(), loss.size());
        for (std::size_t i = 0; i < loss.size(); ++i) {
            EXPECT_NEAR(history.epochs[i].loss, loss[i], setting.tolerance * loss[i]) << name_of(setting);
            EXPECT_NEAR(history.epochs[i].val_loss, val_loss[i], setting.tolerance * val_loss[i]) << name_of(setting);
        }
        const double judged = train::evaluate(model, validation, 4).loss, wanted = numbers(expected.at("evaluate"))[0];
        EXPECT_NEAR(judged, wanted, setting.tolerance * wanted) << name_of(setting);
    }
}

}  // namespace
}  // namespace cairn::test
