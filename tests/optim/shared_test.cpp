// What all optimizers share: parts, decay, clipping, averages, their slots, and how they are chosen by name. Their formulas
// stand beside Keras's in tests/golden.
#include "cairn/backend/devices.h"
#include "cairn/optim/optimizers.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::optim {
namespace {

using test::error_message;
using Values = std::vector<double>;

Tensor vector_of(const Values& values) {
    return from_values({static_cast<std::int64_t>(values.size())}, values, Device::cpu());
}

std::unique_ptr<Optimizer> named(const std::string& name, const Shared& shared = {}) {
    Choice choice{.name = name, .learning_rate = 0.01, .shared = shared};
    if (name == "sgd" || name == "rmsprop") choice.momentum = 0.5;
    return make_optimizer(choice);
}

// Catches a part that is moved at the whole rate, a frozen one that moves or decays, and slots that are taken from the wrong
// place: the parts must move as they would alone.
TEST(Parts, MoveAsIfTheyWereAlone) {
    const Values start{1, -2, 3, -4, 5, -6}, gradient{0.5, -1, 2, 0.25, -3, 1};
    for (const Named& kind : named_optimizers) {
        const Tensor values = vector_of(start);
        const auto optimizer = named(kind.name, {.weight_decay = 0.5});
        // 0: outside of all parts; 1 and 2: a tenth; 3: frozen; 4: does not decay; 5: outside again
        optimizer->set_parts({{1, 2, 0.1, true}, {3, 1, 0, true}, {4, 1, 1, false}});
        for (int step = 0; step < 3; ++step) optimizer->update(values, vector_of(gradient));
        const Values found = values.to_vector<double>();
        EXPECT_EQ(found[3], -4) << kind.name;
        for (const std::size_t i : {0, 1, 2, 4, 5}) {
            const Tensor alone = vector_of({start[i]});
            const auto other = named(kind.name, {.weight_decay = i == 4 ? 0 : 0.5});
            if (i == 1 || i == 2) other->set_learning_rate(0.1 * 0.01);
            for (int step = 0; step < 3; ++step) other->update(alone, vector_of({gradient[i]}));
            EXPECT_NEAR(found[i], alone.item(), 1e-14) << kind.name << ", number " << i;
            EXPECT_NE(found[i], start[i]) << kind.name << ", number " << i;
        }
    }
}

TEST(Parts, MustFollowOneAnother) {
    Sgd sgd;
    EXPECT_EQ(error_message([&] {
                  sgd.set_parts({{0, 4}, {3, 2}});
              }),
              "sgd: parts must follow one another; one begins at 3 with 2 elements, and the one before it ends at 4");
    EXPECT_EQ(error_message([&] { sgd.set_parts({{0, 4, -1}}); }), "sgd: a part's rate must be 0 or more, not -1");
    sgd.set_parts({{0, 4}});
    EXPECT_EQ(error_message([&] { sgd.update(vector_of({1}), vector_of({1})); }),
              "sgd: its parts are of more than the 1 parameters that are to be updated");
}

// The norm of (3, 4) is 5. A frozen part has no share in it: its gradient may be as large as it likes.
TEST(Clipping, ByTheNormOfWhatIsTrained) {
    const auto step = [](double limit, const Values& gradient, std::vector<Part> parts) {
        Sgd sgd({.learning_rate = 1, .shared = {.global_clipnorm = limit}});
        sgd.set_parts(std::move(parts));
        const Tensor values = vector_of(Values(gradient.size(), 0.0));
        sgd.update(values, vector_of(gradient));
        return values.to_vector<double>();
    };
    EXPECT_EQ(step(2.5, {3, 4}, {}), (Values{-1.5, -2}));
    EXPECT_EQ(step(5, {3, 4}, {}), (Values{-3, -4}));
    EXPECT_EQ(step(50, {3, 4}, {}), (Values{-3, -4}));
    EXPECT_EQ(step(2.5, {0, 0}, {}), (Values{0, 0}));
    EXPECT_EQ(step(2.5, {3, 4, 1000}, {{2, 1, 0}}), (Values{-1.5, -2, 0}));
}

// Each part by its own norm, and none by another's; a frozen one keeps its gradient. Catches clipnorm that is global_clipnorm.
TEST(Clipping, ByTheNormOfEachParameter) {
    Sgd sgd({.learning_rate = 1, .shared = {.clipnorm = 2.5}});
    const Tensor values = vector_of({0, 0, 0, 0, 0, 0}), gradients = vector_of({3, 4, 0.5, 1, 30, 40});
    EXPECT_EQ(error_message([&] { sgd.update(values, gradients); }),
              "sgd: clipnorm clips the gradient of each parameter by itself, so the optimizer must know where each is: "
              "set_parts(train::parts_of(model, {})), as train::fit does");
    sgd.set_parts({{0, 2}, {2, 2, 2}, {4, 2, 0}});
    sgd.update(values, gradients);
    EXPECT_EQ(values.to_vector<double>(), (Values{-1.5, -2, -1, -2, 0, 0}));
    EXPECT_EQ(gradients.to_vector<double>(), (Values{1.5, 2, 0.5, 1, 30, 40}));
}

// Behind a closed gate no value changes, and none decays, whatever the optimizer.
TEST(Shared, ClosedGateChangesNoValue) {
    const Tensor closed = from_values<std::int32_t>({}, {0}, Device::cpu());
    for (const Named& kind : named_optimizers) {
        const auto optimizer = named(kind.name, {.weight_decay = 0.5, .global_clipnorm = 1, .use_ema = true});
        const Tensor values = vector_of({1, 2});
        optimizer->update(values, vector_of({std::nan(""), 1}), closed);
        EXPECT_EQ(values.to_vector<double>(), (Values{1, 2})) << kind.name;
    }
}

// Averaged shows the averages, and gives the values back.
TEST(Averages, StandInForTheValuesWhileTheyAreJudged) {
    Sgd plain, averaging({.learning_rate = 1, .shared = {.use_ema = true, .ema_momentum = 0.75}});
    const Tensor values = vector_of({8});
    {
        const Averaged none(averaging, values);  // before the first update there are none
        EXPECT_EQ(values.item(), 8);
    }
    averaging.update(values, vector_of({4}));  // 4, and so is the average
    averaging.update(values, vector_of({4}));  // 0; the average is 3
    {
        const Averaged shown(averaging, values);
        EXPECT_EQ(values.item(), 3);
    }
    EXPECT_EQ(values.item(), 0);
    const Averaged none(plain, values);
    EXPECT_EQ(values.item(), 0);
}

// Every slot must be restored, and the number of steps with it.
TEST(Shared, RestoredStateContinuesBitForBit) {
    const Tensor g = vector_of({0.3, -0.1, 2});
    for (const Named& kind : named_optimizers) {
        const Shared shared{.weight_decay = 0.1, .use_ema = true};
        const Tensor straight = vector_of({1, 2, 3}), resumed = vector_of({1, 2, 3});
        const auto all = named(kind.name, shared), before = named(kind.name, shared), after = named(kind.name, shared);
        for (int i = 0; i < 4; ++i) all->update(straight, g);
        for (int i = 0; i < 2; ++i) before->update(resumed, g);
        after->restore(before->steps(), before->slots());
        for (int i = 0; i < 2; ++i) after->update(resumed, g);
        EXPECT_EQ(straight.to_vector<double>(), resumed.to_vector<double>()) << kind.name;
        EXPECT_EQ(all->average().to_vector<double>(), after->average().to_vector<double>()) << kind.name;
        EXPECT_EQ(all->slots().back().first, "average");
    }
}

// Keras's defaults.
TEST(Shared, HasTheDefaultsOfKeras) {
    for (const Named& kind : named_optimizers) {
        const auto optimizer = make_optimizer({.name = kind.name});
        EXPECT_EQ(optimizer->name(), kind.name);
        EXPECT_EQ(optimizer->learning_rate(), std::string(kind.name) == "sgd" ? 0.01 : 0.001) << kind.name;
        EXPECT_EQ(optimizer->weight_decay(), std::string(kind.name) == "adamw" ? 0.004 : 0) << kind.name;
        EXPECT_FALSE(optimizer->shared().use_ema) << kind.name;
    }
    EXPECT_EQ(Shared().ema_momentum, 0.99);
    // After one step of a gradient of 1: rmsprop 1 / sqrt(0.1), adagrad 1 / sqrt(1.1), lion 1 times the rate.
    for (const auto& [name, moved] :
         {std::pair("rmsprop", std::sqrt(10.0)), {"adagrad", 1 / std::sqrt(1.1)}, {"lion", 1.0}}) {
        const Tensor values = vector_of({0});
        make_optimizer({.name = name})->update(values, vector_of({1}));
        EXPECT_NEAR(values.item(), -0.001 * moved, 1e-8) << name;
    }
}

TEST(Shared, RefusesImpossibleOptions) {
    EXPECT_EQ(error_message([] { Sgd({.shared = {.weight_decay = -1}}); }),
              "sgd: the weight decay must be 0 or more, not -1");
    EXPECT_EQ(error_message([] { AdamW({.shared = {.global_clipnorm = 1, .clipvalue = 1}}); }),
              "adamw: gradients are clipped in one way: give only one of clipnorm, global_clipnorm and clipvalue");
    EXPECT_EQ(error_message([] { Sgd({.shared = {.clipnorm = 1, .global_clipnorm = 1}}); }),
              "sgd: gradients are clipped in one way: give only one of clipnorm, global_clipnorm and clipvalue");
    EXPECT_EQ(error_message([] { Sgd({.shared = {.clipnorm = -1}}); }),
              "sgd: gradients can be clipped at a positive number, not at -1");
    EXPECT_EQ(error_message([] { Lion({.shared = {.ema_momentum = 2}}); }),
              "lion: the momentum of the averages must be from 0 to 1, not 2");
    EXPECT_EQ(error_message([] { RMSprop({.epsilon = 0}); }), "rmsprop: epsilon 0 must be above 0");
    EXPECT_EQ(error_message([] { Lion({.beta2 = 1}); }), "lion: beta2 1 must be at least 0 and below 1");
    EXPECT_EQ(error_message([] { make_optimizer({.name = "ftrl"}); }),
              "unknown optimizer 'ftrl'; there are sgd, adam, adamw, rmsprop, adagrad, lion");
    EXPECT_EQ(error_message([] { make_optimizer({.name = "adam", .momentum = 0.9}); }),
              "adam takes no momentum; sgd, rmsprop do");
}

}  // namespace
}  // namespace cairn::optim
