#include "cairn/autograd/observer.h"

#include "cairn/core/error.h"

#include <utility>

namespace cairn::autograd {

namespace {
thread_local Observer* living = nullptr;
thread_local Section section;
}  // namespace

Scope::Scope(std::string_view layer, Phase phase) : before_(std::exchange(section, {layer, phase})) {
    if (living) living->on_section(before_);
}

Scope::~Scope() {
    const Section ended = std::exchange(section, before_);
    if (living) living->on_section(ended);
}

const Section& current_section() { return section; }

Observer::Observer() {
    invariant(autograd::living == nullptr, "an observer lives already");
    autograd::living = this;
}

Observer::~Observer() { autograd::living = nullptr; }

Observer* Observer::living() { return autograd::living; }

void observe_signs(const Tensor& y) {
    if (living) living->on_signs(y);
}

void observe_choices(const Tensor& argmax) {
    if (living && argmax.defined()) living->on_choices(argmax);
}

bool choices_are_wanted() { return living && living->wants_choices(); }

}  // namespace cairn::autograd
