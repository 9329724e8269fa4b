#include "autograd/profile.h"

#include "core/error.h"

#include <algorithm>
#include <utility>

namespace cairn::autograd {

namespace {
thread_local Place current;
thread_local Profile* active = nullptr;
}  // namespace

Scope::Scope(std::string_view layer, Phase phase) : before_(std::exchange(current, {layer, phase})) {
    if (active) active->turn(before_);
}

Scope::~Scope() {
    if (active) active->turn(current);
    current = before_;
}

const Place& place() { return current; }

const Profile* Profile::running() { return active; }

void Profile::start() {
    invariant(active == nullptr, "a profile is running already");
    active = this;
    last_ = Clock::now();
}

void Profile::stop() {
    if (active != this) return;
    turn(current);
    active = nullptr;
}

void Profile::turn(const Place& before) {
    const Clock::time_point now = Clock::now();
    auto part = std::ranges::find(parts_, before.layer, &Part::layer);
    if (part == parts_.end()) part = parts_.insert(part, Part{std::string(before.layer), {}});
    part->seconds[static_cast<std::size_t>(before.phase)] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
}

}  // namespace cairn::autograd
