// part: cpu_backward
// the second term of dx has r once, where the formula has it three times.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

void rms_norm_cpu_backward(std::span<const float> x, std::span<const float> gain, std::span<const float> r,
                           std::span<const float> dy, std::span<float> dx, std::span<float> dgain) {
    const std::size_t columns = gain.size();
    std::vector<double> sums(columns, 0.0);
    for (std::size_t m = 0; m < r.size(); ++m) {
        double dot = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = m * columns + c;
            dot += static_cast<double>(gain[c]) * dy[i] * x[i];
            sums[c] += static_cast<double>(dy[i]) * x[i] * r[m];
        }
        const auto factor = static_cast<float>(dot * r[m] / static_cast<double>(columns));
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = m * columns + c;
            dx[i] = gain[c] * dy[i] * r[m] - x[i] * factor;
        }
    }
    for (std::size_t c = 0; c < columns; ++c) dgain[c] = static_cast<float>(sums[c]);
}

}  // namespace exercise
