// What StepWatch makes of a training's steps; no model is trained, the steps are told to it one by one.
#include "cairn/measure/step_watch.h"

#include "cairn/backend/devices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>
#include <thread>

namespace cairn::measure {
namespace {

using std::chrono::milliseconds;

// Epochs of five steps, of which three count, until the watch has seen enough. `step(k)` does the work of the k-th step
// of an epoch, from 1; returns how many steps there were.
int run(StepWatch& watch, const std::function<void(int)>& step) {
    int steps = 0;
    while (!watch.done() && steps < 1000) {
        const int of_epoch = steps++ % 5 + 1;
        step(of_epoch);
        watch.on_step({.step = of_epoch, .steps = 5});
    }
    return steps;
}

// 10 steps to warm up, the timed ones, and a third as many under a profile, but two at least. Catches the first or the
// last step of an epoch among them, a stage that is a step too long or too short, and a time of the fastest step, or of
// all.
TEST(StepWatch, TimesTheStepsThatCount) {
    for (const auto& [timed, counting] : {std::pair(3, 15), std::pair(8, 20), std::pair(9, 22)}) {
        StepWatch watch(backend(Device::cpu()), 5, timed);
        int k = 0;
        const int steps =
            run(watch, [&](int) { std::this_thread::sleep_for(std::chrono::microseconds(100 * (k++ % 7))); });
        const int epochs = (counting - 1) / 3, left = counting - 3 * epochs;
        EXPECT_EQ(steps, 5 * epochs + 1 + left) << timed;
        std::vector<double> seconds = watch.seconds();
        ASSERT_EQ(seconds.size(), static_cast<std::size_t>(timed));
        std::ranges::sort(seconds);
        const std::size_t middle = seconds.size() / 2;
        EXPECT_EQ(watch.step_seconds(), timed % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2);
    }
}

// Catches times by layer that are those of all profiled steps together, and a profile of more than the steps that
// count.
TEST(StepWatch, SharesTheTimeOfAStepOutAmongItsLayers) {
    StepWatch watch(backend(Device::cpu()), 5, 9);  // and 3 under the profile
    std::vector<double> slept;                      // in the steps that may count
    run(watch, [&](int k) {
        using Clock = std::chrono::steady_clock;
        const bool outside = k == 1 || k == 5;
        const auto start = Clock::now();
        {
            const autograd::Scope scope(outside ? "outside" : "work");
            std::this_thread::sleep_for(milliseconds(2));
        }
        if (!outside) slept.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    });
    const autograd::Profile::Parts times = watch.layer_times();
    const auto work = std::ranges::find(times, "work", &autograd::Profile::Part::layer);
    ASSERT_NE(work, times.end());
    const double seconds = work->of(autograd::Phase::forward);
    EXPECT_GE(seconds, 0.002);
    ASSERT_GE(slept.size(), 3u);
    EXPECT_LE(3 * seconds, std::accumulate(slept.end() - 3, slept.end(), 0.0));
    EXPECT_EQ(std::ranges::count(times, "outside", &autograd::Profile::Part::layer), 0);
}

}  // namespace
}  // namespace cairn::measure
