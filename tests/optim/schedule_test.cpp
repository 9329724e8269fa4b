#include "cairn/optim/schedule.h"

#include "support/error_message.h"

#include <gtest/gtest.h>

#include <numeric>

namespace cairn::optim {
namespace {

using Kind = Schedule::Kind;

// Values worked out by hand for 4 epochs of 10 steps. Catches a schedule that counts from 1, changes a step late, or lets
// the warm-up shift the others.
TEST(Schedule, FollowsItsFormula) {
    struct Case {
        Schedule schedule;
        std::int64_t step;
        double expected;
    };
    const Case cases[] = {
        {{Kind::constant, 0}, 0, 1},
        {{Kind::constant, 0}, 39, 1},
        {{Kind::step, 0}, 19, 1},
        {{Kind::step, 0}, 20, 0.1},
        {{Kind::step, 0}, 29, 0.1},
        {{Kind::step, 0}, 30, 0.01},
        {{Kind::cosine, 0}, 0, 1},
        {{Kind::cosine, 0}, 20, 0.5},
        {{Kind::cosine, 0}, 10, 0.853553390593273762},  // (1 + sqrt(1/2)) / 2
        {{Kind::constant, 2}, 0, 0.05},
        {{Kind::constant, 2}, 9, 0.5},
        {{Kind::constant, 2}, 19, 1},
        {{Kind::constant, 2}, 20, 1},
        {{Kind::cosine, 2}, 0, 0.05},
        {{Kind::cosine, 2}, 20, 1},
        {{Kind::cosine, 2}, 30, 0.5},
        {{Kind::step, 1}, 4, 0.5},
        {{Kind::step, 1}, 20, 0.1},
        {{Kind::constant, 0.05}, 0, 1},  // half a step of warm-up
        {{Kind::polynomial, 0}, 0, 1},
        {{Kind::polynomial, 0}, 30, 0.25},
        {{Kind::polynomial, 2}, 30, 0.5},
        {{.kind = Kind::polynomial, .power = 2, .end = 0.5}, 20, 0.625},
        {{Kind::one_cycle, 0}, 0, 0.04},
        {{Kind::one_cycle, 0}, 11, 1},         // 3/10 of the training
        {{Kind::one_cycle, 0}, 25, 0.500002},  // half-way down
        {{Kind::one_cycle, 0}, 39, 0.000004},
        {{Kind::plateau, 0}, 39, 1},
        {{Kind::plateau, 2}, 9, 0.5},
    };
    for (const Case& c : cases)
        EXPECT_NEAR(factor(c.schedule, c.step, 10, 4), c.expected, 1e-15)
            << name_of(c.schedule.kind) << " warm-up " << c.schedule.warmup_epochs << " step " << c.step;
}

// The optimizer refuses a learning rate of 0.
TEST(Schedule, IsAboveZeroAndNeverAboveOneAtEveryStep) {
    for (const std::string& name : schedule_names())
        for (const double warmup : {0.0, 0.3, 1.0, 2.5})
            for (std::int64_t step = 0; step < 3 * 1563; ++step) {
                const Kind kind = parse_schedule(name);
                if (kind == Kind::one_cycle && warmup > 0) continue;
                const double f = factor({kind, warmup}, step, 1563, 3);
                ASSERT_TRUE(f > 0 && f <= 1) << name << " warm-up " << warmup << " step " << step;
            }
}

TEST(Schedule, RefusesWhatItCannotDo) {
    EXPECT_EQ(test::error_message([] {
                  factor({Kind::constant, -1}, 0, 10, 4);
              }),
              "the warm-up must last for 0 epochs or more, not -1");
    EXPECT_EQ(test::error_message([] {
                  factor({Kind::cosine, 4}, 0, 10, 4);
              }),
              "a warm-up of 4 epochs leaves nothing of 4 epochs for the learning rate itself; shorten it");
    EXPECT_EQ(test::error_message([] {
                  factor({Kind::constant, 8}, 39, 10, 4);
              }),
              "a warm-up of 8 epochs leaves nothing of 4 epochs for the learning rate itself; shorten it");
    EXPECT_EQ(test::error_message([] { parse_schedule("linear"); }),
              "unknown schedule 'linear'; there are constant, step, cosine, polynomial, one-cycle, plateau");
    for (const std::string& name : schedule_names()) EXPECT_EQ(name_of(parse_schedule(name)), name);
    EXPECT_EQ(test::error_message([] {
                  factor({Kind::one_cycle, 1}, 0, 10, 4);
              }),
              "a one-cycle schedule begins with a warm-up of its own; leave the other out");
    EXPECT_EQ(test::error_message([] {
                  factor({Kind::polynomial, 4}, 0, 10, 4);
              }),
              "a warm-up of 4 epochs leaves nothing of 4 epochs for the learning rate itself; shorten it");
    EXPECT_EQ(test::error_message([] { factor({.kind = Kind::polynomial, .power = 0}, 0, 10, 4); }),
              "the power of a schedule must be above 0, not 0");
}

// Worked out by hand, for losses that never fall. Catches a cooldown that is left out or an epoch off (Keras counts the
// epoch in which it ends, so one of 1 changes nothing), a wait that goes on in it, and a rate below the least.
TEST(Schedule, APlateausCooldownDelaysTheNextReduction) {
    Schedule schedule{.kind = Kind::plateau, .patience = 1, .reduce = 0.5};
    const auto factors = [&] {
        const std::vector<double> losses(8, 1.0);
        std::vector<double> all;
        for (std::size_t epochs = 1; epochs <= losses.size(); ++epochs)
            all.push_back(plateau_factor(schedule, std::span(losses).first(epochs)));
        return all;
    };
    schedule.cooldown = 3;
    EXPECT_EQ(factors(), (std::vector<double>{1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125}));
    schedule.cooldown = 2;
    EXPECT_EQ(factors(), (std::vector<double>{1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625}));
    schedule.patience = 2;
    schedule.least = 0.4;
    EXPECT_EQ(factors(), (std::vector<double>{1, 1, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4}));
}

// Short trainings have no room for a rise and a fall, but must not divide by zero.
TEST(Schedule, OneCycleOfFewSteps) {
    for (int epochs = 1; epochs <= 6; ++epochs)
        for (std::int64_t step = 0; step < epochs; ++step) {
            const double f = factor({Kind::one_cycle, 0}, step, 1, epochs);
            EXPECT_TRUE(f > 0 && f <= 1) << step << " of " << epochs << ": " << f;
        }
}

}  // namespace
}  // namespace cairn::optim
