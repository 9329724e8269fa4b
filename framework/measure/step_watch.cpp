#include "cairn/measure/step_watch.h"

#include "cairn/measure/process.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace cairn::measure {

namespace {

constexpr int warm_up_steps = 10;

// Of several stretches of steps.
void add(DeviceProfile& total, const DeviceProfile& more) {
    using Profile = DeviceProfile;
    for (const auto count : {&Profile::steps, &Profile::dispatches, &Profile::commands, &Profile::barriers,
                             &Profile::submissions, &Profile::waits})
        total.*count += more.*count;
    total.waiting_seconds += more.waiting_seconds;
    total.recording_seconds += more.recording_seconds;
    for (const Profile::Kernel& kernel : more.kernels) {
        auto sum = std::ranges::find(total.kernels, kernel.name, &Profile::Kernel::name);
        if (sum == total.kernels.end()) sum = total.kernels.insert(sum, {.name = kernel.name});
        sum->dispatches += kernel.dispatches;
        sum->seconds += kernel.seconds;
    }
    std::ranges::sort(total.kernels, std::greater{}, &Profile::Kernel::seconds);
}

}  // namespace

StepWatch::StepWatch(Backend& device, std::int64_t steps_per_epoch, int steps)
    : device_(device), profiled_steps_(std::max(2, steps / 3)) {
    check(steps_per_epoch >= 3, "the data set holds {} batches of this size, and at least 3 are needed to measure",
          steps_per_epoch);
    const auto allocations = [this] { return device_.allocator().stats().system_allocations; };
    const auto profile_device = [this](int count, ProfileDetail detail, DeviceProfile& total) {
        return Stage{.steps = count,
                     .begin = [this, detail] { device_.start_profile(detail); },
                     .end = [this, &total] { add(total, device_.finish_profile()); }};
    };
    const Stage warm_up{.steps = warm_up_steps, .finished = [=, this] { allocations_ = allocations(); }};
    Stage timed = profile_device(steps, ProfileDetail::counts, counts_);
    timed.timed = true;
    timed.finished = [=, this] {
        allocations_ = allocations() - allocations_;
        peak_ = resident_memory().peak;
    };
    const Stage by_layer{
        .steps = profiled_steps_, .begin = [this] { profile_.emplace(parts_); }, .end = [this] { profile_.reset(); }};
    const Stage by_kernel = profile_device(profiled_steps_, ProfileDetail::kernel_times, kernels_);
    stages_ = {warm_up, timed, device.device().kind == Device::Kind::vulkan ? by_kernel : by_layer};
}

void StepWatch::on_step(const train::Progress& progress) {
    if (done()) return;
    const bool next_counts = progress.step + 1 < progress.steps;
    const Stage& stage = stages_[stage_];
    const bool finished = counts_step_ && steps_done_ + 1 == stage.steps;
    // The end of a stage waits for a GPU, and what was waited for belongs to the time of its steps.
    if (counts_step_ && (finished || !next_counts)) stage.end();
    if (counts_step_) {
        if (stage.timed) seconds_.push_back(std::chrono::duration<double>(Clock::now() - start_).count());
        ++steps_done_;
    }
    if (finished) {
        stage.finished();
        ++stage_;
        steps_done_ = 0;
    }
    if (next_counts && (finished || !counts_step_) && !done()) stages_[stage_].begin();
    counts_step_ = next_counts;
    start_ = Clock::now();
}

double StepWatch::step_seconds() const {
    if (device_.device().kind == Device::Kind::vulkan)
        return std::reduce(seconds_.begin(), seconds_.end()) / static_cast<double>(seconds_.size());
    std::vector<double> sorted = seconds_;
    std::ranges::sort(sorted);
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double StepWatch::system_allocations_per_step() const {
    return static_cast<double>(allocations_) / static_cast<double>(seconds_.size());
}

autograd::Profile::Parts StepWatch::layer_times() const {
    autograd::Profile::Parts times = parts_;
    for (autograd::Profile::Part& part : times)
        for (double& seconds : part.seconds) seconds /= profiled_steps_;
    return times;
}

}  // namespace cairn::measure
