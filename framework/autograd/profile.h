// Profile: where the time of a training goes, by layer and phase.
//
// A Scope names what is computed while it lives; the nodes of the graph remember the name for backward(). While a
// Profile runs, every Scope and every node that backward() visits turns a stopwatch from what was before to what comes
// now, so each moment is counted once and the parts add up to the whole. Without one, a Scope only notes its name.
//
// The stopwatch reads the host's clock, which is right for devices that run kernels at once. For one that defers them,
// Profile::turn is the place that would ask the device for a timestamp instead.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::autograd {

// `gradients`: those of a layer's inputs and of its parameters, when one call computes both.
enum class Phase { forward, gradients, input_gradient, weight_gradient, update, data, other };
inline constexpr std::size_t phase_count = 7;

// What is being computed: in which layer (or "loss", "batch", …), and for what.
struct Place {
    std::string_view layer;
    Phase phase = Phase::other;
};

// Says what this thread computes until it ends; scopes nest. The name must outlive the graph that is made meanwhile.
class Scope {
public:
    explicit Scope(std::string_view layer, Phase phase = Phase::forward);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

private:
    Place before_;
};

// Where this thread is now.
const Place& place();

class Profile {
public:
    // How backward() computes the gradients of a layer that has inputs and parameters to pass them to:
    //   together   in one call, as without a profile; the time belongs to Phase::gradients
    //   apart      in two, first those of the inputs. Work that both need is done twice.
    // The numbers are the same either way.
    enum class Gradients { together, apart };

    explicit Profile(Gradients gradients = Gradients::together) : gradients_(gradients) {}
    ~Profile() { stop(); }
    Profile(const Profile&) = delete;
    Profile& operator=(const Profile&) = delete;

    // From start() to stop() it measures this thread, as often as one likes. Only one runs at a time.
    void start();
    void stop();

    // The seconds that went into each layer, in the order in which they first came up; what belongs to none is called
    // "".
    struct Part {
        std::string layer;
        std::array<double, phase_count> seconds{};

        double of(Phase phase) const { return seconds[static_cast<std::size_t>(phase)]; }
    };
    const std::vector<Part>& parts() const { return parts_; }

    Gradients gradients() const { return gradients_; }
    // The one that runs in this thread; nullptr mostly.
    static const Profile* running();

private:
    friend class Scope;
    using Clock = std::chrono::steady_clock;

    // The time since the last turn was spent in `before`.
    void turn(const Place& before);

    Gradients gradients_;
    std::vector<Part> parts_;
    Clock::time_point last_;
};

}  // namespace cairn::autograd
