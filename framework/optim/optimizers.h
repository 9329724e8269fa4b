// The optimizers, with Keras's arguments, defaults and formulas, and the list of their names. w is a parameter, g its
// gradient, lr the learning rate.
#pragma once

#include "cairn/backend/devices.h"
#include "cairn/optim/optimizer.h"

#include <memory>

namespace cairn::optim {

struct SgdOptions {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
    Shared shared{};
};

// velocity = momentum velocity - lr g      w = w + velocity      (nesterov: w = w + momentum velocity - lr g)
class Sgd final : public Optimizer {
public:
    explicit Sgd(const SgdOptions& options = {});
    std::string name() const override { return "sgd"; }

protected:
    std::vector<Slot> own_slots() const override;
    void apply(const Arenas& arenas, double learning_rate) override;

private:
    SgdOptions options_;
};

struct AdamOptions {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
    Shared shared{};
};

// Kingma and Ba 2015, in Keras's form: with t the number of this update,
//   m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//   w = w - lr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)
class Adam : public Optimizer {
public:
    explicit Adam(const AdamOptions& options = {}) : Adam("adam", options, 0) {}
    std::string name() const override { return "adam"; }

protected:
    Adam(const char* name, const AdamOptions& options, double default_decay);
    std::vector<Slot> own_slots() const override { return {{"m"}, {"v"}}; }
    void apply(const Arenas& arenas, double learning_rate) override;

private:
    AdamOptions options_;
};

// Adam whose weights decay by themselves, by 0.004 times the learning rate at each step (Loshchilov and Hutter 2017).
class AdamW final : public Adam {
public:
    explicit AdamW(const AdamOptions& options = {}) : Adam("adamw", options, 0.004) {}
    std::string name() const override { return "adamw"; }
};

// An optimizer whose kernel is a rule of backend/update_rules.h, where its formula stands.
class ByRule : public Optimizer {
protected:
    ByRule(const char* name, const UpdateStep& step, const Shared& shared)
        : Optimizer(name, step.learning_rate, shared), step_(step) {}
    void apply(const Arenas& arenas, double learning_rate) final;

private:
    UpdateStep step_;
};

// Numbers of an optimizer, checked: a share that is kept at each step, and one that is divided by.
double share(const char* optimizer, const char* what, double value);     // at least 0 and below 1
double positive(const char* optimizer, const char* what, double value);  // above 0

struct RmspropOptions {
    double learning_rate = 1e-3;
    double rho = 0.9;
    double momentum = 0;
    double epsilon = 1e-7;
    bool centered = false;
    Shared shared{};
};

// Hinton 2012: w = w - lr g / sqrt(mean of g^2 + epsilon)
class RMSprop final : public ByRule {
public:
    explicit RMSprop(const RmspropOptions& o = {})
        : ByRule("rmsprop",
                 {UpdateRule::rmsprop,
                  o.learning_rate,
                  {share("rmsprop", "rho", o.rho), share("rmsprop", "the momentum", o.momentum),
                   positive("rmsprop", "epsilon", o.epsilon), o.centered ? 1.0 : 0.0}},
                 o.shared) {
        slots_ = {{"velocity"}};
        if (o.centered) slots_.push_back({"average_gradient"});
        if (o.momentum > 0) slots_.push_back({"momentum"});
    }
    std::string name() const override { return "rmsprop"; }

protected:
    std::vector<Slot> own_slots() const override { return slots_; }

private:
    std::vector<Slot> slots_;
};

struct AdagradOptions {
    double learning_rate = 1e-3;
    double initial_accumulator_value = 0.1;
    double epsilon = 1e-7;
    Shared shared{};
};

// Duchi, Hazan and Singer 2011: w = w - lr g / sqrt(sum of g^2 + epsilon)
class Adagrad final : public ByRule {
public:
    explicit Adagrad(const AdagradOptions& o = {})
        : ByRule("adagrad", {UpdateRule::adagrad, o.learning_rate, {positive("adagrad", "epsilon", o.epsilon)}},
                 o.shared),
          initial_(o.initial_accumulator_value) {
        check(initial_ >= 0, "adagrad: initial_accumulator_value {} must be 0 or more", initial_);
    }
    std::string name() const override { return "adagrad"; }

protected:
    std::vector<Slot> own_slots() const override { return {{"accumulator", initial_}}; }

private:
    double initial_;
};

struct LionOptions {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.99;
    Shared shared{};
};

// Chen et al. 2023: w = w - lr sign(beta1 m + (1 - beta1) g)
class Lion final : public ByRule {
public:
    explicit Lion(const LionOptions& o = {})
        : ByRule(
              "lion",
              {UpdateRule::lion, o.learning_rate, {share("lion", "beta1", o.beta1), share("lion", "beta2", o.beta2)}},
              o.shared) {}
    std::string name() const override { return "lion"; }

protected:
    std::vector<Slot> own_slots() const override { return {{"m"}}; }
};

// An optimizer by its name, as --optimizer gives it. What is not given is the optimizer's own.
struct Choice {
    std::string name = "adam";
    std::optional<double> learning_rate{}, momentum{};
    bool nesterov = false;
    Shared shared{};
};

// An optimizer of this class with its options, of which those are replaced that the choice names.
template <typename Made, typename Options>
std::unique_ptr<Optimizer> made(const Choice& choice) {
    Options options;
    if (choice.learning_rate) options.learning_rate = *choice.learning_rate;
    if constexpr (requires { options.momentum; })
        if (choice.momentum) options.momentum = *choice.momentum;
    if constexpr (requires { options.nesterov; }) options.nesterov = choice.nesterov;
    options.shared = choice.shared;
    return std::make_unique<Made>(options);
}

// The optimizers that can be chosen by their names.
struct Named {
    const char* name;
    bool takes_momentum, takes_nesterov;
    std::unique_ptr<Optimizer> (*make)(const Choice& choice);
};
inline constexpr Named named_optimizers[] = {
    {"sgd", true, true, made<Sgd, SgdOptions>},
    {"adam", false, false, made<Adam, AdamOptions>},
    {"adamw", false, false, made<AdamW, AdamOptions>},
    {"rmsprop", true, false, made<RMSprop, RmspropOptions>},
    {"adagrad", false, false, made<Adagrad, AdagradOptions>},
    {"lion", false, false, made<Lion, LionOptions>},
};

// Throws Error for an unknown name, and for a momentum that the optimizer does not take.
std::unique_ptr<Optimizer> make_optimizer(const Choice& choice);

}  // namespace cairn::optim
