#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/loops.h"

#include <atomic>
#include <cmath>
#include <limits>

namespace cairn {

namespace {

bool is_closed(const Tensor& gate) { return gate.defined() && *gate.data<std::int32_t>() == 0; }

}  // namespace

void CpuBackend::all_finite(const Tensor& x, const Tensor& flag) {
    with_float(x.dtype(), [&]<typename T>() {
        const T* values = x.data<T>();
        std::atomic<bool> finite = true;
        parallel_for(x.size(), cpu::element_grain, [&](std::int64_t begin, std::int64_t end, int) {
            int strange = 0;  // v - v is 0, unless v is infinite or not a number
            for (std::int64_t i = begin; i < end; ++i) strange |= values[i] - values[i] == 0 ? 0 : 1;
            if (strange) finite = false;
        });
        *flag.data<std::int32_t>() = finite ? 1 : 0;
    });
}

// One vectorized pass over the four arrays, which the parameters' arenas make long. The constants are computed in
// double.
void CpuBackend::adam(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v, const Tensor& w,
                      const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        const T* g = gradient.data<T>();
        T *first = m.data<T>(), *second = v.data<T>(), *weight = w.data<T>();
        const T beta1 = static_cast<T>(step.beta1), rest1 = static_cast<T>(1 - step.beta1);
        const T beta2 = static_cast<T>(step.beta2), rest2 = static_cast<T>(1 - step.beta2);
        const T step_size = static_cast<T>(step.step_size), epsilon = static_cast<T>(step.epsilon);
        cpu::for_each_element(w.size(), [=](std::int64_t i) {
            first[i] = beta1 * first[i] + rest1 * g[i];
            second[i] = beta2 * second[i] + rest2 * (g[i] * g[i]);
            weight[i] -= step_size * first[i] / (std::sqrt(second[i]) + epsilon);
        });
    });
}

void CpuBackend::sgd(const SgdStep& step, const Tensor& gradient, const Tensor& velocity, const Tensor& w,
                     const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        const T* g = gradient.data<T>();
        T* weight = w.data<T>();
        const T rate = static_cast<T>(step.learning_rate), momentum = static_cast<T>(step.momentum);
        if (step.momentum == 0) {
            return cpu::for_each_element(w.size(), [=](std::int64_t i) { weight[i] -= rate * g[i]; });
        }
        T* speed = velocity.data<T>();
        const bool nesterov = step.nesterov;
        cpu::for_each_element(w.size(), [=](std::int64_t i) {
            speed[i] = momentum * speed[i] - rate * g[i];
            weight[i] += nesterov ? momentum * speed[i] - rate * g[i] : speed[i];
        });
    });
}

void CpuBackend::optimizer_step(const UpdateStep& step, const Tensor& gradient, const Tensors& slots, const Tensor& w,
                                const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        update_rules::Elements<T> at{gradient.data<T>(), w.data<T>(), {}};
        for (std::size_t s = 0; s < slots.size(); ++s) at.s[s] = slots[s].data<T>();
        update_rules::with_rule<T>(
            step, [&](const auto& rule) { cpu::for_each_element(w.size(), [=](std::int64_t i) { rule(at, i); }); });
    });
}

void CpuBackend::weight_decay(double rate, const Tensor& mask, const Tensor& w, const Tensor& gate) {
    if (is_closed(gate)) return;
    with_float(w.dtype(), [&]<typename T>() {
        const T share = static_cast<T>(rate);
        T* weight = w.data<T>();
        if (!mask.defined())
            return cpu::for_each_element(w.size(), [=](std::int64_t i) { weight[i] -= share * weight[i]; });
        const T* factor = mask.data<T>();
        cpu::for_each_element(w.size(), [=](std::int64_t i) { weight[i] -= share * factor[i] * weight[i]; });
    });
}

void CpuBackend::clip_by_norm(const Tensor& squares, double limit, const Tensor& x) {
    with_float(x.dtype(), [&]<typename T>() {
        const double norm = std::sqrt(static_cast<double>(*squares.data<T>()));
        if (norm <= limit) return;
        const T factor = std::isfinite(norm) ? static_cast<T>(limit / norm) : std::numeric_limits<T>::quiet_NaN();
        T* value = x.data<T>();
        cpu::for_each_element(x.size(), [=](std::int64_t i) { value[i] *= factor; });
    });
}

void CpuBackend::clip_by_value(double limit, const Tensor& x) {
    with_float(x.dtype(), [&]<typename T>() {
        const T most = static_cast<T>(limit);
        T* value = x.data<T>();
        cpu::for_each_element(x.size(), [=](std::int64_t i) {
            const T v = value[i];
            value[i] = v > most ? most : v < -most ? -most : v;
        });
    });
}

}  // namespace cairn
