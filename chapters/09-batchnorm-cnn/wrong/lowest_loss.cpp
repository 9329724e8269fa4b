// part: largest_stable_rate
// the rate with the lowest loss is returned; the question is which one is the largest that still works.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <limits>

namespace exercise {

double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates) {
    double best = 0, lowest = std::numeric_limits<double>::infinity();
    for (const double rate : rates) {
        const double loss = train(rate).back();
        if (loss < lowest) lowest = loss, best = rate;
    }
    return best;
}

}  // namespace exercise
