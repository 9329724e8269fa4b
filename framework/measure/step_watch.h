// Times the steps of a real training: train::fit runs, and a callback looks at the clock after every step.
#pragma once

#include "cairn/autograd/profile.h"
#include "cairn/backend/backend.h"
#include "cairn/train/fit.h"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace cairn::measure {

// A callback for fit, which ends the training when it has seen enough: it goes through a list of stages, warm-up steps, then
// steps whose time is taken, then steps under a profile by layer. The first step of an epoch, which follows a validation,
// and the last, whose batch may be smaller, do not count.
//
// A GPU's driver runs the steps later: a single one cannot be timed from here, but from an empty queue to an empty queue
// again many can. There, and instead of the profile by layer, its own profile is taken: first of what the host does, then
// of each kernel alone.
class StepWatch final : public train::Callback {
public:
    // Throws Error if there are no steps in an epoch that count.
    StepWatch(Backend& device, std::int64_t steps_per_epoch, int steps);

    void on_step(const train::Progress& progress) override;
    bool done() const { return stage_ == stages_.size(); }

    // Of the timed steps. On a GPU only the sum means something.
    const std::vector<double>& seconds() const { return seconds_; }
    double step_seconds() const;  // the median; on a GPU the mean
    double system_allocations_per_step() const;
    std::int64_t peak_resident_memory() const { return peak_; }

    // Where the time of a step goes, in seconds.
    autograd::Profile::Parts layer_times() const;

    // On a GPU: of the timed steps, and of further ones with the time of every kernel.
    const DeviceProfile& counts() const { return counts_; }
    const DeviceProfile& kernels() const { return kernels_; }

private:
    using Clock = std::chrono::steady_clock;

    // So many steps, which may lie in several epochs: begin and end are called around each run of steps that count.
    struct Stage {
        int steps = 0;
        std::function<void()> begin = [] {}, end = [] {}, finished = [] {};
        bool timed = false;
    };

    Backend& device_;
    int profiled_steps_;
    std::vector<Stage> stages_;
    std::size_t stage_ = 0;
    int steps_done_ = 0;             // in this stage
    bool counts_step_ = false;       // the running step: it is between begin and end of the stage
    Clock::time_point start_{};      // of the running step
    std::uint64_t allocations_ = 0;  // before the timed steps, then during them
    std::int64_t peak_ = 0;
    std::vector<double> seconds_;
    autograd::Profile::Parts parts_;
    std::optional<autograd::Profile> profile_;
    DeviceProfile counts_, kernels_;
};

}  // namespace cairn::measure
