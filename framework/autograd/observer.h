// Observer: is told what a step of training computes, op by op, while it computes. What profiles a training, compares two
// devices or watches for kinks is an Observer; without one, all of this costs a comparison with nullptr.
//
// A Scope names what is computed while it lives; the nodes of the graph remember the name for backward().
#pragma once

#include "cairn/core/tensor.h"

#include <string_view>

namespace cairn::autograd {

struct Node;

enum class Phase { forward, gradients, update, data, other };
inline constexpr std::size_t phase_count = 5;

// What is being computed: in which layer (or "loss", "batch", …), and for what.
struct Section {
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
    Section before_;
};

const Section& current_section();

// While one lives, ops of this thread tell it what they do. It may overwrite the values it is shown: whatever comes later
// is then computed from those. Observers do not nest.
class Observer {
public:
    Observer();
    virtual ~Observer();
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;

    // An op has computed its output y in current_section().
    virtual void on_output(std::string_view /*op*/, const Tensor& /*y*/) {}
    // An op has taken one branch where y > 0 and another elsewhere (ReLU); its on_output follows.
    virtual void on_signs(const Tensor& /*y*/) {}
    // An op has chosen where its maxima are (int32); its on_output follows. Ops compute that on purpose for an observer that
    // wants it.
    virtual bool wants_choices() const { return false; }
    virtual void on_choices(const Tensor& /*argmax*/) {}
    // backward() has passed node.gradient on to the nodes of the op's inputs, whose gradients now hold all that has
    // arrived so far.
    virtual void on_gradients(const Node& /*node*/) {}
    // A Scope has begun or ended: until now this thread computed `before`.
    virtual void on_section(const Section& /*before*/) {}

    // The one that lives in this thread; nullptr mostly.
    static Observer* living();
};

// What ops tell an Observer, if one lives.
void observe_signs(const Tensor& y);
void observe_choices(const Tensor& argmax);
bool choices_are_wanted();

}  // namespace cairn::autograd
