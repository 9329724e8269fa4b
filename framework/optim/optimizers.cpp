#include "cairn/optim/optimizers.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace cairn::optim {

double share(const char* optimizer, const char* what, double value) {
    check(value >= 0 && value < 1, "{}: {} {} must be at least 0 and below 1", optimizer, what, value);
    return value;
}

double positive(const char* optimizer, const char* what, double value) {
    check(value > 0 && std::isfinite(value), "{}: {} {} must be above 0", optimizer, what, value);
    return value;
}

Sgd::Sgd(const SgdOptions& options) : Optimizer("sgd", options.learning_rate, options.shared), options_(options) {
    share("sgd", "the momentum", options.momentum);
}

std::vector<Optimizer::Slot> Sgd::own_slots() const {
    return options_.momentum > 0 ? std::vector<Slot>{{"velocity"}} : std::vector<Slot>{};
}

void Sgd::apply(const Arenas& arenas, double learning_rate) {
    backend(arenas.values)
        .sgd({learning_rate, options_.momentum, options_.nesterov}, arenas.gradients,
             arenas.slots.empty() ? Tensor() : arenas.slots[0], arenas.values, arenas.gate);
}

Adam::Adam(const char* name, const AdamOptions& options, double default_decay)
    : Optimizer(name, options.learning_rate, options.shared, default_decay), options_(options) {
    check(options.beta1 >= 0 && options.beta1 < 1 && options.beta2 >= 0 && options.beta2 < 1,
          "{}: beta1 {} and beta2 {} must be at least 0 and below 1", name, options.beta1, options.beta2);
}

void Adam::apply(const Arenas& arenas, double learning_rate) {
    const auto t = static_cast<double>(steps());
    const double correction = std::sqrt(1 - std::pow(options_.beta2, t)) / (1 - std::pow(options_.beta1, t));
    backend(arenas.values)
        .adam({learning_rate * correction, options_.beta1, options_.beta2, options_.epsilon}, arenas.gradients,
              arenas.slots[0], arenas.slots[1], arenas.values, arenas.gate);
}

void ByRule::apply(const Arenas& arenas, double learning_rate) {
    UpdateStep step = step_;
    step.learning_rate = learning_rate;
    backend(arenas.values).optimizer_step(step, arenas.gradients, arenas.slots, arenas.values, arenas.gate);
}

namespace {

std::string names_of(bool Named::*takes) {
    std::vector<std::string> names;
    for (const Named& named : named_optimizers)
        if (takes == nullptr || named.*takes) names.emplace_back(named.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const Choice& choice) {
    const auto found =
        std::ranges::find(named_optimizers, choice.name, [](const Named& named) { return std::string(named.name); });
    check(found != std::end(named_optimizers), "unknown optimizer '{}'; there are {}", choice.name, names_of(nullptr));
    check(!choice.momentum || found->takes_momentum, "{} takes no momentum; {} do", choice.name,
          names_of(&Named::takes_momentum));
    check(!choice.nesterov || found->takes_nesterov, "{} takes no nesterov; {} does", choice.name,
          names_of(&Named::takes_nesterov));
    check(!choice.nesterov || choice.momentum.value_or(0) > 0, "nesterov is a way to use a momentum; give one too");
    return found->make(choice);
}

}  // namespace cairn::optim
