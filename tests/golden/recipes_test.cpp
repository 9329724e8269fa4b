// Optimizers, losses and schedules against Keras's.
#include "cairn/autograd/graph.h"
#include "cairn/nn/losses.h"
#include "cairn/optim/optimizers.h"
#include "cairn/optim/schedule.h"
#include "golden/golden.h"
#include "support/compare.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

// The formula of make_keras_golden.py.
Tensor formula(const Shape& shape, std::uint32_t salt, double scale, const Setting& setting) {
    std::vector<double> values(static_cast<std::size_t>(shape.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = ((bits(static_cast<std::uint32_t>(i), salt) >> 8) / 8388608.0 - 1) * scale;
    const Tensor tensor = empty(shape, setting.dtype, setting.device);
    set(tensor, values);
    return tensor;
}

std::unique_ptr<optim::Optimizer> optimizer_like(const std::string& name) {
    using namespace optim;
    const double small = std::exp2(-20), rate = std::exp2(-5);
    Shared averaged{.weight_decay = 0.25, .global_clipnorm = 1.5, .use_ema = true, .ema_momentum = 0.75};
    if (name == "sgd")
        return std::make_unique<Sgd>(SgdOptions{std::exp2(-4), 0.875, true, {.weight_decay = 0.125, .clipvalue = 0.5}});
    if (name == "adam") return std::make_unique<Adam>(AdamOptions{rate, 0.875, 0.96875, small, averaged});
    if (name == "adamw") return std::make_unique<AdamW>(AdamOptions{rate, 0.875, 0.96875, small});
    if (name == "rmsprop")
        return std::make_unique<RMSprop>(RmspropOptions{rate, 0.875, 0, small, false, {.clipvalue = 0.25}});
    if (name == "rmsprop_centered")
        return std::make_unique<RMSprop>(
            RmspropOptions{rate, 0.875, 0.5, small, true, {.use_ema = true, .ema_momentum = 0.5}});
    if (name == "adagrad") return std::make_unique<Adagrad>(AdagradOptions{rate, 0.125, small, {.weight_decay = 0.5}});
    return std::make_unique<Lion>(
        LionOptions{std::exp2(-6), 0.875, 0.96875, {.weight_decay = 0.5, .global_clipnorm = 2}});
}

// Five steps on a kernel and a bias that does not decay, at half the rate from the fourth on. Catches a decay that comes
// after the step or forgets the rate, one that reaches the bias, a norm of the kernel alone, averages that begin at 0, and
// whatever is wrong with a formula. AdamW's decay is its default, 0.004, which Keras rounds to float32: off by at most 2^-25,
// which five steps at a rate of 2^-5 make 2e-11 of a weight.
TEST(KerasGolden, FiveStepsOfEveryOptimizer) {
    const Golden numbers = golden("optimizers");
    for (const Setting& setting : settings) {
        for (const char* name : {"sgd", "adam", "adamw", "rmsprop", "rmsprop_centered", "adagrad", "lion"}) {
            const std::string where = fmt::format("{} on {}", name, name_of(setting));
            const double tolerance = std::max(setting.tolerance, optimizer_like(name)->name() == "adamw" ? 3e-11 : 0);
            const auto optimizer = optimizer_like(name);
            optimizer->set_parts({{.begin = 12, .size = 3, .decays = false}});
            const Tensor values = formula({15}, 600, 1, setting), bias = formula({3}, 601, 1, setting);
            backend(values).copy(bias, values.view(12, {3}));
            const std::vector<double> expected = numbers.at(name).to_vector<double>();
            for (std::uint32_t step = 0; step < 5; ++step) {
                if (step == 3) optimizer->set_learning_rate(optimizer->learning_rate() / 2);
                optimizer->update(values, formula({15}, 610 + step, 1, setting));
                const std::vector<double> found = test::numbers(values);
                for (std::size_t i = 0; i < 15; ++i)
                    EXPECT_NEAR(found[i], expected[15 * step + i], tolerance)
                        << where << ", step " << step << ", number " << i;
            }
            EXPECT_EQ(optimizer->average().defined(), numbers.contains(std::string(name) + "/average")) << where;
            if (!optimizer->average().defined()) continue;
            const auto average = numbers.at(std::string(name) + "/average").to_vector<double>();
            const std::vector<double> found = test::numbers(optimizer->average());
            for (std::size_t i = 0; i < 15; ++i) EXPECT_NEAR(found[i], average[i], setting.tolerance) << where;
        }
    }
}

// Means, weighted means and the gradient of those, with a row of logits near 256. Catches a sum of weights as the divisor,
// a mean over the wrong axis, and a smoothing that takes from the wrong classes.
TEST(KerasGolden, EveryLoss) {
    const Golden numbers = golden("losses");
    const std::pair<const char*, nn::Loss> losses[] = {
        {"categorical", nn::Loss()},
        {"sparse", nn::categorical_crossentropy()},
        {"categorical_smoothed", nn::categorical_crossentropy({.label_smoothing = 0.25})},
        {"binary", nn::binary_crossentropy()},
        {"binary_smoothed", nn::binary_crossentropy({.label_smoothing = 0.25})},
        {"mean_squared_error", nn::mean_squared_error()},
        {"mean_absolute_error", nn::mean_absolute_error()},
        {"huber", nn::huber()},
        {"huber_wide", nn::huber({.delta = 2.5})},
        {"binary_numbers", nn::binary_crossentropy()},
        {"squared_numbers", nn::mean_squared_error()},
    };
    for (const Setting& setting : settings) {
        const auto tensor = [&](const std::string& name) {
            return to_dtype(to_device(numbers.at(name), setting.device), setting.dtype);
        };
        const std::vector<double> listed = numbers.at("classes").to_vector<double>();
        const Tensor classes = from_values<std::int32_t>({5}, {listed.begin(), listed.end()}, setting.device);
        for (const auto& [name, loss] : losses) {
            const std::string at = std::string(name) + "/";
            std::vector<Tensor> kinds;  // of labels that must come to the same
            if (numbers.at(at + "labels").rank() == 2) kinds.push_back(tensor(at + "labels"));
            if (!std::string_view(name).ends_with("numbers")) kinds.push_back(classes);
            for (const Tensor& labels : kinds) {
                const std::string where = fmt::format("{} on {}, labels {}", name, name_of(setting), labels.shape());
                const Tensor logits = autograd::variable(tensor("logits"));
                const double mean = numbers.at(at + "mean").item(), weighted = numbers.at(at + "weighted").item();
                EXPECT_NEAR(loss(logits, labels).item(), mean, setting.tolerance * mean) << where;
                const Tensor found = loss(logits, labels, tensor("weights"));
                EXPECT_NEAR(found.item(), weighted, setting.tolerance * weighted) << where;
                autograd::backward(found);
                EXPECT_LT(relative_error(autograd::gradient(logits), numbers.at(at + "gradient")), setting.tolerance)
                    << where;
            }
        }
    }
}

TEST(KerasGolden, PolynomialAndPlateauSchedules) {
    const Golden numbers = golden("schedules");
    const std::vector<double> polynomial = numbers.at("polynomial").to_vector<double>();
    const optim::Schedule fall{.kind = optim::Schedule::Kind::polynomial, .power = 2, .end = 0.25};
    for (std::size_t step = 0; step < 40;
         ++step)  // 4 epochs of 10 steps; the rate is 0.5, and Keras computes in float32
        EXPECT_NEAR(0.5 * optim::factor(fall, static_cast<std::int64_t>(step), 10, 4), polynomial[step], 1e-7) << step;

    const std::vector<double> plateau = numbers.at("plateau").to_vector<double>();
    const std::vector<double> losses = numbers.at("val_losses").to_vector<double>();
    optim::Schedule wait{.kind = optim::Schedule::Kind::plateau, .patience = 2};
    wait.reduce = 0.25;
    wait.cooldown = 1;
    wait.least = 0.125;
    for (std::size_t epochs = 1; epochs <= losses.size(); ++epochs)
        EXPECT_EQ(0.5 * optim::plateau_factor(wait, std::span(losses).first(epochs)), plateau[epochs - 1]) << epochs;
}

}  // namespace
}  // namespace cairn::test
