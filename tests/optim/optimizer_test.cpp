#include "cairn/backend/devices.h"
#include "cairn/optim/optimizers.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::optim {
namespace {

Tensor vector_of(const std::vector<double>& values) {
    return from_values({static_cast<std::int64_t>(values.size())}, values, Device::cpu());
}

// Keras's Adam computed by hand over three steps; epsilon outside of the bias correction, unlike in PyTorch.
TEST(Adam, FollowsKerasOverThreeSteps) {
    const std::vector<std::vector<double>> gradients{{1.0, -2e-6}, {-0.5, 3e-6}, {0.25, 1e-6}};
    double w[2] = {1.0, -1.0}, m[2] = {0, 0}, v[2] = {0, 0};
    const Tensor values = vector_of({w[0], w[1]});
    Adam adam({.learning_rate = 0.01});
    for (int t = 1; t <= 3; ++t) {
        const std::vector<double>& g = gradients[static_cast<std::size_t>(t - 1)];
        adam.update(values, vector_of(g));
        for (std::size_t i = 0; i < 2; ++i) {
            m[i] = 0.9 * m[i] + 0.1 * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            w[i] -= 0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m[i] / (std::sqrt(v[i]) + 1e-7);
        }
        const std::vector<double> found = values.to_vector<double>();
        EXPECT_NEAR(found[0], w[0], 1e-14) << "step " << t;
        EXPECT_NEAR(found[1], w[1], 1e-14) << "step " << t;
    }
    EXPECT_EQ(adam.steps(), 3);
}

// Keras's defaults, which a notebook does not mention: after one step of a gradient of 1, Adam has moved by its rate.
TEST(Optimizer, HasTheDefaultsOfKeras) {
    EXPECT_EQ(Adam().learning_rate(), 1e-3);
    EXPECT_EQ(Sgd().learning_rate(), 0.01);
    const Tensor values = vector_of({1});
    Sgd sgd;
    for (int step = 0; step < 2; ++step) sgd.update(values, vector_of({1}));
    EXPECT_NEAR(values.item(), 1 - 2 * 0.01, 1e-15) << "no momentum";
    EXPECT_TRUE(sgd.slots().empty());
}

TEST(Sgd, WithMomentumAndNesterov) {
    for (const bool nesterov : {false, true}) {
        Sgd sgd({.learning_rate = 0.1, .momentum = 0.9, .nesterov = nesterov});
        const Tensor values = vector_of({1.0});
        double w = 1, velocity = 0;
        for (const double g : {1.0, 0.5, -2.0}) {
            sgd.update(values, vector_of({g}));
            velocity = 0.9 * velocity - 0.1 * g;
            w += nesterov ? 0.9 * velocity - 0.1 * g : velocity;
            EXPECT_NEAR(values.item(), w, 1e-15) << "nesterov " << nesterov;
        }
    }
}

// A resumed optimizer must go on exactly as one that never stopped; a lost step count or slot shows at once in Adam.
TEST(Optimizer, RestoredStateContinuesBitForBit) {
    const Tensor straight = vector_of({1, 2, 3}), resumed = vector_of({1, 2, 3}), g = vector_of({0.3, -0.1, 2});
    Adam all, before, after;
    for (int i = 0; i < 4; ++i) all.update(straight, g);
    for (int i = 0; i < 2; ++i) before.update(resumed, g);
    after.restore(before.steps(), before.slots());
    for (int i = 0; i < 2; ++i) after.update(resumed, g);
    EXPECT_EQ(straight.to_vector<double>(), resumed.to_vector<double>());
}

// A checkpoint names the slots: m is the mean of the gradients, v that of their squares.
TEST(Adam, NamesItsSlots) {
    const Tensor values = vector_of({1});
    Adam adam;
    adam.update(values, vector_of({3}));
    const auto slots = adam.slots();
    ASSERT_EQ(slots.size(), 2u);
    EXPECT_EQ(slots[0].first, "m");
    EXPECT_NEAR(slots[0].second.item(), 0.1 * 3, 1e-15);
    EXPECT_EQ(slots[1].first, "v");
    EXPECT_NEAR(slots[1].second.item(), 0.001 * 9, 1e-15);
}

// Slots that were mixed up, or are of another optimizer, would be taken without a word.
TEST(Optimizer, RefusesSlotsThatAreNotItsOwn) {
    const Tensor m = vector_of({1}), v = vector_of({2});
    Adam adam;
    EXPECT_EQ(test::error_message([&] {
                  adam.restore(1, {{"v", v}, {"m", m}});
              }),
              "adam: slot 'v' was given where 'm' belongs");
    EXPECT_EQ(test::error_message([&] { adam.restore(1, {{"m", m}}); }), "adam: 1 slots were given, not 2");
    EXPECT_EQ(adam.steps(), 0);
    adam.restore(3, {{"m", m}, {"v", v}});
    EXPECT_THROW(adam.update(vector_of({1, 2}), vector_of({1, 2})), Error) << "slots for another number of parameters";
}

// The gate keeps one bad batch from destroying the parameters.
TEST(Optimizer, ClosedGateChangesNothing) {
    const Tensor values = vector_of({1, 2}), g = vector_of({std::nan(""), 1});
    const Tensor flag = empty({}, DType::int32, Device::cpu());
    backend(g).all_finite(g, flag);
    Adam adam;
    adam.update(values, g, flag);
    EXPECT_EQ(values.to_vector<double>(), (std::vector<double>{1, 2}));
}

TEST(Optimizer, RefusesImpossibleOptions) {
    EXPECT_THROW(Adam({.learning_rate = 0}), Error);
    EXPECT_THROW(Adam({.beta1 = 1}), Error);
    EXPECT_THROW(Sgd({.momentum = 1}), Error);
    Adam adam;
    EXPECT_THROW(adam.update(vector_of({1, 2}), vector_of({1})), Error);
}

}  // namespace
}  // namespace cairn::optim
