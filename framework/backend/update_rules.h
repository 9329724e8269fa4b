// The numbers of an optimizer's step, and the rules by which optimizers without a kernel of their own move the parameters: the formulas of Backend::optimizer_step,
// once for the loops of both host devices; shaders/optimizer_step.comp repeats them for GPUs. That the formulas themselves
// are right is checked against Keras's numbers (tests/golden), not by comparing one device with another.
//
// w is a parameter, g its gradient, lr the learning rate, s0, s1, … the optimizer's slots:
//   rmsprop (rho, momentum, epsilon, centered):
//             s0 = rho s0 + (1 - rho) g^2               the mean of the squares
//             s1 = rho s1 + (1 - rho) g                 if centered: the mean
//             d  = s0 + epsilon, or s0 - s1^2 + epsilon if centered
//             w  = w - lr g / sqrt(d)                   without momentum
//             s  = momentum s + lr g / sqrt(d)          with momentum, s the last slot
//             w  = w - s
//   adagrad (epsilon):
//             s0 = s0 + g^2                             w = w - lr g / sqrt(s0 + epsilon)
//   lion    (beta1, beta2):
//             w  = w - lr sign(beta1 s0 + (1 - beta1) g)
//             s0 = beta2 s0 + (1 - beta2) g
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace cairn {

// Of the optimizers with a kernel of their own: Backend::adam and Backend::sgd.
struct AdamStep {
    double step_size = 0;  // lr * sqrt(1 - beta2^t) / (1 - beta1^t), computed on the host in double
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
};

struct SgdStep {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
};

// The shader counts these from 0: append only.
enum class UpdateRule { rmsprop, adagrad, lion };

struct UpdateStep {
    UpdateRule rule = UpdateRule::lion;
    double learning_rate = 1e-3;
    std::array<double, 4> constants{};  // what stands in brackets behind the rule's name above, in that order
};

namespace update_rules {

constexpr int most_slots = 3;

// The arenas' elements: of type T, computed with as Real.
template <typename T>
struct Elements {
    const T* g;
    T* w;
    std::array<T*, most_slots> s;  // null where the rule has no such slot
};

template <typename Real>
struct Rmsprop {
    explicit Rmsprop(const UpdateStep& step)
        : lr(static_cast<Real>(step.learning_rate)),
          rho(static_cast<Real>(step.constants[0])),
          rest(static_cast<Real>(1 - step.constants[0])),
          momentum(static_cast<Real>(step.constants[1])),
          epsilon(static_cast<Real>(step.constants[2])),
          centered(step.constants[3] != 0) {}

    template <typename T>
    void operator()(const Elements<T>& at, std::int64_t i) const {
        const Real g = at.g[i], square = rho * at.s[0][i] + rest * (g * g);
        at.s[0][i] = static_cast<T>(square);
        Real divisor = square + epsilon;
        if (centered) {
            const Real mean = rho * at.s[1][i] + rest * g;
            at.s[1][i] = static_cast<T>(mean);
            divisor = square - mean * mean + epsilon;
        }
        Real change = lr * g / std::sqrt(divisor);
        if (momentum != 0) {
            T& speed = (centered ? at.s[2] : at.s[1])[i];
            change = momentum * speed + change;
            speed = static_cast<T>(change);
        }
        at.w[i] = static_cast<T>(at.w[i] - change);
    }

    Real lr, rho, rest, momentum, epsilon;
    bool centered;
};

template <typename Real>
struct Adagrad {
    explicit Adagrad(const UpdateStep& step)
        : lr(static_cast<Real>(step.learning_rate)), epsilon(static_cast<Real>(step.constants[0])) {}

    template <typename T>
    void operator()(const Elements<T>& at, std::int64_t i) const {
        const Real g = at.g[i], squares = at.s[0][i] + g * g;
        at.s[0][i] = static_cast<T>(squares);
        at.w[i] = static_cast<T>(at.w[i] - lr * g / std::sqrt(squares + epsilon));
    }

    Real lr, epsilon;
};

template <typename Real>
struct Lion {
    explicit Lion(const UpdateStep& step)
        : lr(static_cast<Real>(step.learning_rate)),
          beta1(static_cast<Real>(step.constants[0])),
          rest1(static_cast<Real>(1 - step.constants[0])),
          beta2(static_cast<Real>(step.constants[1])),
          rest2(static_cast<Real>(1 - step.constants[1])) {}

    template <typename T>
    void operator()(const Elements<T>& at, std::int64_t i) const {
        const Real g = at.g[i], m = at.s[0][i], direction = beta1 * m + rest1 * g;
        const Real sign = std::isnan(direction) ? direction : static_cast<Real>((direction > 0) - (direction < 0));
        at.w[i] = static_cast<T>(at.w[i] - lr * sign);
        at.s[0][i] = static_cast<T>(beta2 * m + rest2 * g);
    }

    Real lr, beta1, rest1, beta2, rest2;
};

// Calls f with the step's rule, its numbers rounded to Real.
template <typename Real, typename F>
void with_rule(const UpdateStep& step, const F& f) {
    switch (step.rule) {
        case UpdateRule::rmsprop: return f(Rmsprop<Real>(step));
        case UpdateRule::adagrad: return f(Adagrad<Real>(step));
        case UpdateRule::lion: return f(Lion<Real>(step));
    }
}

}  // namespace update_rules
}  // namespace cairn
