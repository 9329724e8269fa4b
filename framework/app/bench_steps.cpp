#include "app/bench_steps.h"

#include "app/bench_process.h"

#include <algorithm>

namespace cairn::app {

namespace {

using autograd::Phase;
using autograd::Profile;

constexpr int warm_up_steps = 10;

}  // namespace

StepWatch::StepWatch(const Allocator& allocator, std::int64_t steps_per_epoch, int steps)
    : allocator_(allocator), steps_(steps), profiled_steps_(std::max(2, steps / 3)) {
    check(steps_per_epoch >= 3, "the data set holds {} batches of this size, and at least 3 are needed to measure",
          steps_per_epoch);
}

int StepWatch::steps_of(Stage stage) const {
    switch (stage) {
        case Stage::warm_up: return warm_up_steps;
        case Stage::timed: return steps_;
        case Stage::together:
        case Stage::apart: return profiled_steps_;
        case Stage::done: break;
    }
    return 0;
}

void StepWatch::on_step(const train::Progress& progress) {
    const Clock::time_point now = Clock::now();
    together_.stop();
    apart_.stop();
    if (counts_) {
        if (stage_ == Stage::timed) seconds_.push_back(std::chrono::duration<double>(now - start_).count());
        count_step();
    }
    counts_ = progress.step + 1 < progress.steps;
    if (counts_ && stage_ == Stage::together) together_.start();
    if (counts_ && stage_ == Stage::apart) apart_.start();
    start_ = Clock::now();
}

void StepWatch::count_step() {
    if (stage_ == Stage::done || ++done_in_stage_ < steps_of(stage_)) return;
    const std::uint64_t allocations = allocator_.stats().system_allocations;
    if (stage_ == Stage::warm_up) allocations_ = allocations;
    if (stage_ == Stage::timed) {
        allocations_ = allocations - allocations_;
        peak_ = resident_memory().peak;
    }
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
    done_in_stage_ = 0;
}

double StepWatch::system_allocations_per_step() const {
    return static_cast<double>(allocations_) / static_cast<double>(seconds_.size());
}

std::vector<LayerTime> layer_times(const StepWatch& watch) {
    std::vector<LayerTime> times;
    for (const Profile::Part& part : watch.together().parts()) {
        const double both = part.of(Phase::gradients);
        const auto apart = std::ranges::find(watch.apart().parts(), part.layer, &Profile::Part::layer);
        double share = 0.5;  // of the inputs' gradient
        if (both > 0 && apart != watch.apart().parts().end()) {
            // What the layer spends in calls that compute only one of them is in both profiles.
            const double input = std::max(0.0, apart->of(Phase::input_gradient) - part.of(Phase::input_gradient));
            const double weight = std::max(0.0, apart->of(Phase::weight_gradient) - part.of(Phase::weight_gradient));
            if (input + weight > 0) share = input / (input + weight);
        }
        times.push_back({part.layer, part.of(Phase::forward), part.of(Phase::input_gradient) + share * both,
                         part.of(Phase::weight_gradient) + (1 - share) * both, part.of(Phase::update),
                         part.of(Phase::data), part.of(Phase::other)});
    }
    for (LayerTime& time : times)
        for (double* seconds :
             {&time.forward, &time.input_gradient, &time.weight_gradient, &time.update, &time.data, &time.other})
            *seconds /= watch.profiled_steps();
    return times;
}

}  // namespace cairn::app
