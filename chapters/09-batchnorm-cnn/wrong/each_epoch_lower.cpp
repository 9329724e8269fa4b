// part: largest_stable_rate
// every loss has to be below the one before; a bump on the way down is no divergence.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates) {
    double largest = 0;
    for (const double rate : rates) {
        const std::vector<double> losses = train(rate);
        bool stable = true;
        for (std::size_t e = 1; e < losses.size(); ++e) stable = stable && losses[e] < losses[e - 1];
        for (const double loss : losses) stable = stable && std::isfinite(loss);
        if (!stable) break;
        largest = rate;
    }
    return largest;
}

}  // namespace exercise
