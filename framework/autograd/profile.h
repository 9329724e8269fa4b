// Profile: where the time of a training goes, by layer and phase. Every Scope, and every node that backward() visits, turns
// a stopwatch from what was before to what comes now, so each moment is counted once and the parts add up to the whole.
//
// The stopwatch reads the host's clock, which is right for devices that run kernels at once.
#pragma once

#include "cairn/autograd/observer.h"

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace cairn::autograd {

// Measures this thread while it lives, and adds what it measured to `parts` when it ends.
class Profile final : public Observer {
public:
    // The seconds that went into each layer, in the order in which they first came up; what belongs to none is called
    // "".
    struct Part {
        std::string layer;
        std::array<double, phase_count> seconds{};

        double of(Phase phase) const { return seconds[static_cast<std::size_t>(phase)]; }
    };
    using Parts = std::vector<Part>;

    explicit Profile(Parts& parts) : parts_(parts), last_(Clock::now()) {}
    ~Profile() override { on_section(current_section()); }

    void on_section(const Section& before) override;

private:
    using Clock = std::chrono::steady_clock;

    Parts& parts_;
    Clock::time_point last_;
};

}  // namespace cairn::autograd
