#include "app/bench_steps.h"

#include "app/bench_process.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace cairn::app {

namespace {

using autograd::Phase;
using autograd::Profile;

constexpr int warm_up_steps = 10;

// Of several stretches of steps.
void add(DeviceProfile& total, const DeviceProfile& more) {
    total.steps += more.steps;
    total.dispatches += more.dispatches;
    total.commands += more.commands;
    total.barriers += more.barriers;
    total.submissions += more.submissions;
    total.waits += more.waits;
    total.waiting_seconds += more.waiting_seconds;
    total.recording_seconds += more.recording_seconds;
    for (const DeviceProfile::Kernel& kernel : more.kernels) {
        const auto found = std::ranges::find(total.kernels, kernel.name, &DeviceProfile::Kernel::name);
        if (found == total.kernels.end()) {
            total.kernels.push_back(kernel);
        } else {
            found->dispatches += kernel.dispatches;
            found->seconds += kernel.seconds;
        }
    }
    std::ranges::sort(total.kernels, std::greater{}, &DeviceProfile::Kernel::seconds);
}

}  // namespace

StepWatch::StepWatch(Backend& device, std::int64_t steps_per_epoch, int steps)
    : device_(device),
      gpu_(device.device().kind == Device::Kind::vulkan),
      steps_(steps),
      profiled_steps_(std::max(2, steps / 3)) {
    check(steps_per_epoch >= 3, "the data set holds {} batches of this size, and at least 3 are needed to measure",
          steps_per_epoch);
}

int StepWatch::steps_of(Stage stage) const {
    switch (stage) {
        case Stage::warm_up: return warm_up_steps;
        case Stage::timed: return steps_;
        case Stage::together:
        case Stage::apart:
        case Stage::kernels: return profiled_steps_;
        case Stage::done: break;
    }
    return 0;
}

StepWatch::Stage StepWatch::after(Stage stage) const {
    switch (stage) {
        case Stage::warm_up: return Stage::timed;
        case Stage::timed: return gpu_ ? Stage::kernels : Stage::together;
        case Stage::together: return Stage::apart;
        case Stage::apart:
        case Stage::kernels:
        case Stage::done: break;
    }
    return Stage::done;
}

void StepWatch::on_step(const train::Progress& progress) {
    const bool next_counts = progress.step + 1 < progress.steps;
    stop_profiles(next_counts);
    const Clock::time_point now = Clock::now();
    if (counts_) {
        if (stage_ == Stage::timed) seconds_.push_back(std::chrono::duration<double>(now - start_).count());
        count_step();
    }
    counts_ = next_counts;
    if (counts_) start_profiles();
    start_ = Clock::now();
}

// A layer's profile is of one step. The GPU's goes on while steps count, and at its end the GPU is waited for.
void StepWatch::stop_profiles(bool next_counts) {
    together_.stop();
    apart_.stop();
    const bool stage_ends = counts_ && done_in_stage_ + 1 >= steps_of(stage_);
    if (!device_profile_runs_ || (next_counts && !stage_ends)) return;
    add(stage_ == Stage::timed ? counts_profile_ : kernels_profile_, device_.finish_profile());
    device_profile_runs_ = false;
}

void StepWatch::start_profiles() {
    if (stage_ == Stage::together) together_.start();
    if (stage_ == Stage::apart) apart_.start();
    if (!gpu_ || device_profile_runs_ || (stage_ != Stage::timed && stage_ != Stage::kernels)) return;
    device_.start_profile(stage_ == Stage::timed ? ProfileDetail::counts : ProfileDetail::kernel_times);
    device_profile_runs_ = true;
}

void StepWatch::count_step() {
    if (stage_ == Stage::done || ++done_in_stage_ < steps_of(stage_)) return;
    const std::uint64_t allocations = device_.allocator().stats().system_allocations;
    if (stage_ == Stage::warm_up) allocations_ = allocations;
    if (stage_ == Stage::timed) {
        allocations_ = allocations - allocations_;
        peak_ = resident_memory().peak;
    }
    stage_ = after(stage_);
    done_in_stage_ = 0;
}

double StepWatch::step_seconds() const {
    if (gpu_) return std::reduce(seconds_.begin(), seconds_.end()) / static_cast<double>(seconds_.size());
    std::vector<double> sorted = seconds_;
    std::ranges::sort(sorted);
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
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
