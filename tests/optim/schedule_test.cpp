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
    };
    for (const Case& c : cases)
        EXPECT_NEAR(factor(c.schedule, c.step, 10, 4), c.expected, 1e-15)
            << name_of(c.schedule.kind) << " warm-up " << c.schedule.warmup_epochs << " step " << c.step;
}

// The optimizer refuses a learning rate of 0.
TEST(Schedule, IsAboveZeroAndNeverAboveOneAtEveryStep) {
    for (const Kind kind : {Kind::constant, Kind::step, Kind::cosine})
        for (const double warmup : {0.0, 0.3, 1.0, 2.5})
            for (std::int64_t step = 0; step < 3 * 1563; ++step) {
                const double f = factor({kind, warmup}, step, 1563, 3);
                ASSERT_TRUE(f > 0 && f <= 1) << name_of(kind) << " warm-up " << warmup << " step " << step;
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
              "a warm-up of 4 epochs leaves nothing of 4 epochs for the cosine; shorten it");
    EXPECT_EQ(factor({Kind::constant, 8}, 39, 10, 4), 0.5);  // no cosine, no need
    EXPECT_EQ(test::error_message([] { parse_schedule("linear"); }),
              "unknown schedule 'linear'; it is constant, step or cosine");
    for (const Kind kind : {Kind::constant, Kind::step, Kind::cosine}) EXPECT_EQ(parse_schedule(name_of(kind)), kind);
}

}  // namespace
}  // namespace cairn::optim
