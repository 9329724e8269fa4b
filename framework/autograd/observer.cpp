#include "autograd/observer.h"

#include "core/error.h"

namespace cairn::autograd {

namespace {
thread_local Observer* current = nullptr;
}

Observer::Observer() {
    invariant(current == nullptr, "an observer lives already");
    current = this;
}

Observer::~Observer() { current = nullptr; }

Observer* Observer::living() { return current; }

}  // namespace cairn::autograd
