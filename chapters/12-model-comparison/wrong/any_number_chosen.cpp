// part: chance
// every subset of the results is taken for a, whatever its size.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double chance(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> all = a;
    all.insert(all.end(), b.begin(), b.end());
    const auto mean_of = [](const std::vector<double>& values) {
        double sum = 0;
        for (const double value : values) sum += value;
        return sum / static_cast<double>(values.size());
    };
    const double seen = mean_of(a) - mean_of(b);
    double ways = 0, as_large = 0;
    for (unsigned chosen = 0; chosen < 1u << all.size(); ++chosen) {
        std::vector<double> first, second;
        for (std::size_t i = 0; i < all.size(); ++i) (chosen >> i & 1 ? first : second).push_back(all[i]);
        if (first.empty() || second.empty()) continue;
        ++ways;
        const double difference = mean_of(first) - mean_of(second);
        if (difference >= seen - 1e-12) ++as_large;
    }
    return as_large / ways;
}

}  // namespace exercise
