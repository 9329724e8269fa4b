// Times the steps of a real training: train::fit runs, and a callback looks at the clock after every step.
#pragma once

#include "autograd/profile.h"
#include "backend/backend.h"
#include "train/fit.h"

#include <chrono>
#include <vector>

namespace cairn::app {

// A callback for fit, which ends the training when it has seen enough: warm-up steps, then steps whose time is taken,
// then steps under a profile that keeps both gradients of a layer together, then steps under one that takes them apart.
// The first step of an epoch, which follows a validation, and the last, whose batch may be smaller, do not count.
//
// A GPU's driver runs the steps later: a single one cannot be timed from here, but from an empty queue to an empty queue
// again many can. There, and instead of the profiles by layer, its own profile is taken: first of what the host does,
// then of each kernel alone.
class StepWatch final : public train::Callback {
public:
    // Throws Error if there are no steps in an epoch that count.
    StepWatch(Backend& device, std::int64_t steps_per_epoch, int steps);

    void on_step(const train::Progress& progress) override;
    bool done() const { return stage_ == Stage::done; }

    // Of the timed steps. On a GPU only the sum means something.
    const std::vector<double>& seconds() const { return seconds_; }
    double step_seconds() const;  // the median; on a GPU the mean
    double system_allocations_per_step() const;
    std::int64_t peak_resident_memory() const { return peak_; }

    const autograd::Profile& together() const { return together_; }
    const autograd::Profile& apart() const { return apart_; }
    int profiled_steps() const { return profiled_steps_; }  // in each of the two

    // On a GPU: of the timed steps, and of further ones with the time of every kernel.
    const DeviceProfile& counts() const { return counts_profile_; }
    const DeviceProfile& kernels() const { return kernels_profile_; }

private:
    using Clock = std::chrono::steady_clock;
    enum class Stage { warm_up, timed, together, apart, kernels, done };

    void count_step();
    int steps_of(Stage stage) const;
    Stage after(Stage stage) const;
    void start_profiles();
    void stop_profiles(bool next_counts);

    Backend& device_;
    bool gpu_;
    int steps_, profiled_steps_;
    Stage stage_ = Stage::warm_up;
    int done_in_stage_ = 0;
    bool counts_ = false;  // the running step
    Clock::time_point start_;
    std::uint64_t allocations_ = 0;  // before the timed steps, then during them
    std::int64_t peak_ = 0;
    std::vector<double> seconds_;
    autograd::Profile together_{autograd::Profile::Gradients::together};
    autograd::Profile apart_{autograd::Profile::Gradients::apart};
    bool device_profile_runs_ = false;
    DeviceProfile counts_profile_, kernels_profile_;
};

// Where the time of a step goes, in seconds.
struct LayerTime {
    std::string layer;
    double forward = 0, input_gradient = 0, weight_gradient = 0, update = 0, data = 0, other = 0;

    double total() const { return forward + input_gradient + weight_gradient + update + data + other; }
};

// The profiles' means. Where one call computes both gradients of a layer, its time is shared out in the ratio that they
// take apart: taken apart they do some work twice, so those times themselves would add up to more than the step.
std::vector<LayerTime> layer_times(const StepWatch& watch);

}  // namespace cairn::app
