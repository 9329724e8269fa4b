// part: largest_stable_rate
// only the first and the last loss are looked at; one that was infinite or not a number in between passes.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates) {
    double largest = 0;
    for (const double rate : rates) {
        const std::vector<double> losses = train(rate);
        bool stable = std::isfinite(losses.back()) && losses.back() < losses.front();
        if (!stable) break;
        largest = rate;
    }
    return largest;
}

}  // namespace exercise
