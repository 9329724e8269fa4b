// part: adam
// t is 0 in the first step: 1 - beta^0 = 0, and 0 / 0 is not a number.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

void adam_step(Array& w, const Array& dw, AdamState& state, const AdamOptions& o) {
    const int t = state.steps++;
    const double m_part = 1 - std::pow(o.beta1, t), v_part = 1 - std::pow(o.beta2, t);
    for (std::size_t i = 0; i < w.size(); ++i) {
        state.m[i] = o.beta1 * state.m[i] + (1 - o.beta1) * dw[i];
        state.v[i] = o.beta2 * state.v[i] + (1 - o.beta2) * dw[i] * dw[i];
        w[i] -= o.rate * (state.m[i] / m_part) / (std::sqrt(state.v[i] / v_part) + o.epsilon);
    }
}

}  // namespace exercise
