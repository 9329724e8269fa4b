#include "cairn/optim/optimizer.h"

#include "cairn/backend/devices.h"

#include <cmath>

namespace cairn::optim {

void Optimizer::update(const Tensor& values, const Tensor& gradients, const Tensor& gate) {
    check(values.shape() == gradients.shape(), "{}: values {} and gradients {} differ in shape", name(), values.shape(),
          gradients.shape());
    if (slots_.empty())
        for (std::size_t i = 0; i < slot_names().size(); ++i)
            slots_.push_back(zeros(values.shape(), values.dtype(), values.device()));
    for (const Tensor& slot : slots_)
        check(slot.shape() == values.shape(), "{}: its slots are for {} parameters, not {}", name(), slot.size(),
              values.size());
    ++steps_;
    apply(values, gradients, slots_, gate);
}

void Optimizer::set_learning_rate(double rate) {
    check(rate > 0 && std::isfinite(rate), "{}: the learning rate must be positive, not {}", name(), rate);
    learning_rate_ = rate;
}

std::vector<std::pair<std::string, Tensor>> Optimizer::slots() const {
    std::vector<std::pair<std::string, Tensor>> named;
    for (std::size_t i = 0; i < slots_.size(); ++i) named.emplace_back(slot_names()[i], slots_[i]);
    return named;
}

void Optimizer::restore(std::int64_t steps, const std::vector<std::pair<std::string, Tensor>>& slots) {
    const std::vector<std::string> names = slot_names();
    check(slots.empty() || slots.size() == names.size(), "{}: {} slots were given, not {}", name(), slots.size(),
          names.size());
    Tensors restored;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        check(slots[i].first == names[i], "{}: slot '{}' was given where '{}' belongs", name(), slots[i].first,
              names[i]);
        restored.push_back(slots[i].second);
    }
    steps_ = steps;
    slots_ = std::move(restored);
}

Adam::Adam(const AdamOptions& options) : options_(options) {
    check(options.beta1 >= 0 && options.beta1 < 1 && options.beta2 >= 0 && options.beta2 < 1,
          "adam: beta1 {} and beta2 {} must be at least 0 and below 1", options.beta1, options.beta2);
    set_learning_rate(options.learning_rate);
}

void Adam::apply(const Tensor& values, const Tensor& gradients, const Tensors& slots, const Tensor& gate) {
    const auto t = static_cast<double>(steps());
    const double correction = std::sqrt(1 - std::pow(options_.beta2, t)) / (1 - std::pow(options_.beta1, t));
    backend(values).adam({learning_rate() * correction, options_.beta1, options_.beta2, options_.epsilon}, gradients,
                         slots[0], slots[1], values, gate);
}

Sgd::Sgd(const SgdOptions& options) : options_(options) {
    check(options.momentum >= 0 && options.momentum < 1, "sgd: the momentum {} must be at least 0 and below 1",
          options.momentum);
    set_learning_rate(options.learning_rate);
}

std::vector<std::string> Sgd::slot_names() const {
    return options_.momentum > 0 ? std::vector<std::string>{"velocity"} : std::vector<std::string>{};
}

void Sgd::apply(const Tensor& values, const Tensor& gradients, const Tensors& slots, const Tensor& gate) {
    backend(values).sgd({learning_rate(), options_.momentum, options_.nesterov}, gradients,
                        slots.empty() ? Tensor() : slots[0], values, gate);
}

}  // namespace cairn::optim
