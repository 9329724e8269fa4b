#include "cairn/optim/optimizer.h"

#include "cairn/backend/devices.h"

#include <algorithm>
#include <cmath>

namespace cairn::optim {

namespace {

constexpr const char* average_slot = "average";

// Parts that lie side by side and have the same rate, together: each of them is one kernel.
std::vector<Part> runs_of(const std::vector<Part>& parts, std::int64_t size) {
    std::vector<Part> runs;
    const auto add = [&](std::int64_t begin, std::int64_t end, double rate) {
        if (begin == end) return;
        if (!runs.empty() && runs.back().rate == rate) runs.back().size = end - runs.back().begin;
        else runs.push_back({.begin = begin, .size = end - begin, .rate = rate});
    };
    std::int64_t at = 0;
    for (const Part& part : parts) {
        add(at, part.begin, 1);
        at = part.begin + part.size;
        add(part.begin, at, part.rate);
    }
    add(at, size, 1);
    return runs;
}

Tensor part_of(const Tensor& arena, const Part& run) {
    return run.size == arena.size() ? arena : arena.view(run.begin, {run.size});
}

}  // namespace

Optimizer::Optimizer(const std::string& name, double learning_rate, const Shared& shared, double default_decay)
    : shared_(shared), learning_rate_(learning_rate), weight_decay_(shared.weight_decay.value_or(default_decay)) {
    check(learning_rate > 0 && std::isfinite(learning_rate), "{}: the learning rate must be positive, not {}", name,
          learning_rate);
    check(weight_decay_ >= 0 && std::isfinite(weight_decay_), "{}: the weight decay must be 0 or more, not {}", name,
          weight_decay_);
    const std::initializer_list<double> limits{shared.clipnorm, shared.global_clipnorm, shared.clipvalue};
    for (const double limit : limits)
        check(limit >= 0, "{}: gradients can be clipped at a positive number, not at {}", name, limit);
    check(std::ranges::count(limits, 0) >= 2,
          "{}: gradients are clipped in one way: give only one of clipnorm, global_clipnorm and clipvalue", name);
    check(shared.ema_momentum >= 0 && shared.ema_momentum <= 1,
          "{}: the momentum of the averages must be from 0 to 1, not {}", name, shared.ema_momentum);
}

void Optimizer::update(const Tensor& values, const Tensor& gradients, const Tensor& gate) {
    check(values.shape() == gradients.shape(), "{}: values {} and gradients {} differ in shape", name(), values.shape(),
          gradients.shape());
    check(parts_.empty() || parts_.back().begin + parts_.back().size <= values.size(),
          "{}: its parts are of more than the {} parameters that are to be updated", name(), values.size());
    prepare(values);
    ++steps_;
    clip(gradients);
    decay(values, gate);
    for (const Part& run : runs_of(parts_, values.size())) {
        if (run.rate == 0) continue;
        Arenas arenas{part_of(values, run), part_of(gradients, run), {}, gate};
        for (std::size_t i = 0; i < own_slots().size(); ++i) arenas.slots.push_back(part_of(slots_[i], run));
        apply(arenas, run.rate * learning_rate_);
    }
    // Behind a closed gate the averages follow values that stand still.
    if (shared_.use_ema) backend(values).moving_average(values, steps_ == 1 ? 0 : shared_.ema_momentum, slots_.back());
}

// Allocates the slots at the first update.
void Optimizer::prepare(const Tensor& values) {
    if (slots_.empty())
        for (const Slot& slot : all_slots())
            slots_.push_back(full(values.shape(), slot.initial, values.dtype(), values.device()));
    for (const Tensor& slot : slots_)
        check(slot.shape() == values.shape(), "{}: its slots are for {} parameters, not {}", name(), slot.size(),
              values.size());
}

namespace {

void clip_by_norm(const Tensor& x, double limit) {
    const Tensor squares = empty_like(x, {});
    backend(x).l2_penalty(x, 1, squares);
    backend(x).clip_by_norm(squares, limit, x);
}

}  // namespace

void Optimizer::clip(const Tensor& gradients) const {
    Backend& device = backend(gradients);
    if (shared_.clipvalue > 0) device.clip_by_value(shared_.clipvalue, gradients);
    if (shared_.clipnorm > 0) {
        check(!parts_.empty(),
              "{}: clipnorm clips the gradient of each parameter by itself, so the optimizer must know where each is: "
              "set_parts(train::parts_of(model, {{}})), as train::fit does",
              name());
        for (const Part& part : parts_)
            if (part.rate != 0) clip_by_norm(part_of(gradients, part), shared_.clipnorm);
    }
    if (shared_.global_clipnorm == 0) return;
    for (const Part& run : runs_of(parts_, gradients.size()))
        if (run.rate == 0) device.fill(part_of(gradients, run), 0);
    clip_by_norm(gradients, shared_.global_clipnorm);
}

void Optimizer::decay(const Tensor& values, const Tensor& gate) {
    if (weight_decay_ == 0) return;
    const bool alike = std::ranges::all_of(parts_, [](const Part& part) { return part.decays && part.rate == 1; });
    if (!alike && !mask_.defined()) {
        mask_ = full(values.shape(), 1, values.dtype(), values.device());
        for (const Part& part : parts_)
            backend(values).fill(mask_.view(part.begin, {part.size}), part.decays ? part.rate : 0);
    }
    backend(values).weight_decay(learning_rate_ * weight_decay_, mask_, values, gate);
}

void Optimizer::set_parts(std::vector<Part> parts) {
    std::int64_t end = 0;
    for (const Part& part : parts) {
        check(part.begin >= end && part.size > 0,
              "{}: parts must follow one another; one begins at {} with {} elements, and the one before it ends at {}",
              name(), part.begin, part.size, end);
        check(part.rate >= 0 && std::isfinite(part.rate), "{}: a part's rate must be 0 or more, not {}", name(),
              part.rate);
        end = part.begin + part.size;
    }
    parts_ = std::move(parts);
    mask_ = Tensor();
}

void Optimizer::set_learning_rate(double rate) {
    check(rate > 0 && std::isfinite(rate), "{}: the learning rate must be positive, not {}", name(), rate);
    learning_rate_ = rate;
}

std::vector<Optimizer::Slot> Optimizer::all_slots() const {
    std::vector<Slot> slots = own_slots();
    if (shared_.use_ema) slots.push_back({average_slot});
    return slots;
}

std::vector<std::pair<std::string, Tensor>> Optimizer::slots() const {
    std::vector<std::pair<std::string, Tensor>> named;
    for (std::size_t i = 0; i < slots_.size(); ++i) named.emplace_back(all_slots()[i].name, slots_[i]);
    return named;
}

void Optimizer::restore(std::int64_t steps, const std::vector<std::pair<std::string, Tensor>>& slots) {
    const std::vector<Slot> own = all_slots();
    check(slots.empty() || slots.size() == own.size(), "{}: {} slots were given, not {}", name(), slots.size(),
          own.size());
    Tensors restored;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        check(slots[i].first == own[i].name, "{}: slot '{}' was given where '{}' belongs", name(), slots[i].first,
              own[i].name);
        restored.push_back(slots[i].second);
    }
    steps_ = steps;
    slots_ = std::move(restored);
}

Tensor Optimizer::average() const { return shared_.use_ema && !slots_.empty() ? slots_.back() : Tensor(); }

Averaged::Averaged(const Optimizer& optimizer, const Tensor& values) {
    const Tensor average = optimizer.average();
    if (!average.defined()) return;
    values_ = values;
    before_ = empty_like(values);
    backend(values).copy(values, before_);
    backend(values).copy(average, values);
}

Averaged::~Averaged() {
    if (before_.defined()) backend(values_).copy(before_, values_);
}

}  // namespace cairn::optim
