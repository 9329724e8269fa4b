#include "app/bench_steps.h"

#include "app/bench_process.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace cairn::app {

namespace {

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
    : device_(device), profiled_steps_(std::max(2, steps / 3)) {
    check(steps_per_epoch >= 3, "the data set holds {} batches of this size, and at least 3 are needed to measure",
          steps_per_epoch);
    const auto allocations = [this] { return device_.allocator().stats().system_allocations; };
    const auto nothing = [] {};
    const auto finish_device = [this](DeviceProfile& total) { add(total, device_.finish_profile()); };
    const Stage warm_up{warm_up_steps, nothing, nothing, [=, this] { allocations_ = allocations(); }};
    const Stage timed{steps, [this] { device_.start_profile(ProfileDetail::counts); },
                      [=, this] { finish_device(counts_); },
                      [=, this] {
                          allocations_ = allocations() - allocations_;
                          peak_ = resident_memory().peak;
                      },
                      true};
    const Stage by_layer{profiled_steps_, [this] { profile_.emplace(parts_); }, [this] { profile_.reset(); }, nothing};
    const Stage by_kernel{profiled_steps_, [this] { device_.start_profile(ProfileDetail::kernel_times); },
                          [=, this] { finish_device(kernels_); }, nothing};
    stages_ = {warm_up, timed, device.device().kind == Device::Kind::vulkan ? by_kernel : by_layer};
}

void StepWatch::on_step(const train::Progress& progress) {
    if (done()) return;
    const Clock::time_point now = Clock::now();
    const bool next_counts = progress.step + 1 < progress.steps;
    const Stage& stage = stages_[stage_];
    if (counts_step_ && stage.timed) seconds_.push_back(std::chrono::duration<double>(now - start_).count());
    if (counts_step_) ++steps_done_;
    const bool finished = steps_done_ == stage.steps;
    if (running_ && (finished || !next_counts)) {
        stage.end();
        running_ = false;
    }
    if (finished) {
        stage.finished();
        ++stage_;
        steps_done_ = 0;
    }
    counts_step_ = next_counts;
    if (next_counts && !running_ && !done()) {
        stages_[stage_].begin();
        running_ = true;
    }
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

}  // namespace cairn::app
