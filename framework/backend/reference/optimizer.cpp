// The updates of parameters w from their gradient g, in place, and the gate that protects them: where the gate is 0 (a
// gradient held an infinity or a NaN), nothing changes.
#include "cairn/backend/reference/reference_backend.h"

#include <cmath>
#include <limits>

namespace cairn {

namespace {

bool is_closed(const Tensor& gate) { return gate.defined() && gate.data<std::int32_t>()[0] == 0; }

}  // namespace

// flag = 1 if every x[i] is finite, else 0
void ReferenceBackend::all_finite(const Tensor& x, const Tensor& flag) {
    with_float(x.dtype(), [&]<typename T>() {
        bool finite = true;
        for (std::int64_t i = 0; i < x.size(); ++i) finite = finite && std::isfinite(x.data<T>()[i]);
        flag.data<std::int32_t>()[0] = finite ? 1 : 0;
    });
}

// m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2      w = w - step_size m / (sqrt(v) + epsilon)
void ReferenceBackend::adam(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v,
                            const Tensor& w, const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        T *M = m.data<T>(), *V = v.data<T>(), *weight = w.data<T>();
        for (std::int64_t i = 0; i < w.size(); ++i) {
            const double g = gradient.data<T>()[i];
            M[i] = static_cast<T>(step.beta1 * M[i] + (1 - step.beta1) * g);
            V[i] = static_cast<T>(step.beta2 * V[i] + (1 - step.beta2) * g * g);
            const double root = std::sqrt(static_cast<double>(V[i]));
            weight[i] = static_cast<T>(weight[i] - step.step_size * M[i] / (root + step.epsilon));
        }
    });
}

//   without momentum: w = w - lr g
//   with momentum:    velocity = momentum velocity - lr g      w = w + velocity
//   nesterov:         velocity = momentum velocity - lr g      w = w + momentum velocity - lr g
void ReferenceBackend::sgd(const SgdStep& step, const Tensor& gradient, const Tensor& velocity, const Tensor& w,
                           const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < w.size(); ++i) {
            const double descent = -step.learning_rate * gradient.data<T>()[i];
            double change = descent;
            if (step.momentum != 0) {
                T& speed = velocity.data<T>()[i];
                speed = static_cast<T>(step.momentum * speed + descent);
                change = step.nesterov ? step.momentum * speed + descent : speed;
            }
            w.data<T>()[i] = static_cast<T>(w.data<T>()[i] + change);
        }
    });
}

// One element after the other, computed in double.
void ReferenceBackend::optimizer_step(const UpdateStep& step, const Tensor& gradient, const Tensors& slots,
                                      const Tensor& w, const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        update_rules::Elements<T> at{gradient.data<T>(), w.data<T>(), {}};
        for (std::size_t s = 0; s < slots.size(); ++s) at.s[s] = slots[s].data<T>();
        update_rules::with_rule<double>(step, [&](const auto& rule) {
            for (std::int64_t i = 0; i < w.size(); ++i) rule(at, i);
        });
    });
}

// w = w - rate mask w
void ReferenceBackend::weight_decay(double rate, const Tensor& mask, const Tensor& w, const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < w.size(); ++i) {
            const double share = mask.defined() ? rate * mask.data<T>()[i] : rate, weight = w.data<T>()[i];
            w.data<T>()[i] = static_cast<T>(weight - share * weight);
        }
    });
}

// x = x min(1, limit / sqrt(squares)), or NaN where the norm is not finite: how far to go is not known
void ReferenceBackend::clip_by_norm(const Tensor& squares, double limit, const Tensor& x) {
    with_float(x.dtype(), [&]<typename T>() {
        const double norm = std::sqrt(static_cast<double>(squares.data<T>()[0]));
        const double factor = !std::isfinite(norm) ? std::numeric_limits<double>::quiet_NaN()
                              : norm > limit       ? limit / norm
                                                   : 1;
        for (std::int64_t i = 0; i < x.size(); ++i) x.data<T>()[i] = static_cast<T>(factor * x.data<T>()[i]);
    });
}

// x = min(max(x, -limit), limit)
void ReferenceBackend::clip_by_value(double limit, const Tensor& x) {
    with_float(x.dtype(), [&]<typename T>() {
        const T most = static_cast<T>(limit);
        for (std::int64_t i = 0; i < x.size(); ++i) {
            T& value = x.data<T>()[i];
            if (value > most) value = most;
            if (value < -most) value = -most;
        }
    });
}

}  // namespace cairn
