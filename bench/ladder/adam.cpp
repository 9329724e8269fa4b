#include "cairn/core/parallel.h"
#include "ladder/rungs.h"

#include <cmath>

namespace cairn::bench {

void adam_by_passes(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v, const Tensor& w) {
    const float* g = gradient.data<float>();
    float *first = m.data<float>(), *second = v.data<float>(), *values = w.data<float>();
    const auto beta1 = static_cast<float>(step.beta1), beta2 = static_cast<float>(step.beta2);
    const auto size = static_cast<float>(step.step_size), epsilon = static_cast<float>(step.epsilon);
    const auto pass = [&](const auto& update) {
        parallel_for(w.size(), 16384, [&](std::int64_t begin, std::int64_t end, int) {
#pragma GCC ivdep
            for (std::int64_t i = begin; i < end; ++i) update(i);
        });
    };
    pass([=](std::int64_t i) { first[i] = beta1 * first[i] + (1 - beta1) * g[i]; });
    pass([=](std::int64_t i) { second[i] = beta2 * second[i] + (1 - beta2) * g[i] * g[i]; });
    pass([=](std::int64_t i) { values[i] -= size * first[i] / (std::sqrt(second[i]) + epsilon); });
}

}  // namespace cairn::bench
