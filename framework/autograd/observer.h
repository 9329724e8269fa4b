// Observer: is told what a step of training computes, op by op, while it computes. It may overwrite the values it is
// shown: whatever comes later is then computed from those.
#pragma once

#include "autograd/graph.h"

namespace cairn::autograd {

// While one lives, ops of this thread tell it what they do. Observers do not nest.
class Observer {
public:
    Observer();
    virtual ~Observer();
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;

    // An op has computed its output y; place() (profile.h) names its layer.
    virtual void on_output(std::string_view op, const Tensor& y) = 0;
    // An op has chosen where its maxima are (int32); its on_output follows.
    virtual void on_choices(const Tensor& choices) = 0;
    // backward() has passed node.gradient on to the nodes of the op's inputs, whose gradients now hold all that has
    // arrived so far.
    virtual void on_gradients(const Node& node) = 0;

    // The one that lives in this thread; nullptr mostly.
    static Observer* living();
};

}  // namespace cairn::autograd
