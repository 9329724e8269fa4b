// part: cpu
// every row is divided by the first one's root.
#include "chapters/14-capstone/exercise.h"

#include <cmath>

namespace exercise {

void rms_norm_cpu(std::span<const float> x, std::span<const float> gain, float epsilon, std::span<float> y,
                  std::span<float> r) {
    const std::size_t columns = gain.size();
    for (std::size_t m = 0; m < r.size(); ++m) {
        double squares = 0;
        for (const float value : x.subspan(0, columns)) squares += static_cast<double>(value) * value;
        r[m] = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(columns) + epsilon));
        for (std::size_t c = 0; c < columns; ++c) y[m * columns + c] = gain[c] * x[m * columns + c] * r[m];
    }
}

}  // namespace exercise
