#include "cairn/nn/parameter.h"

#include <cmath>

namespace cairn::nn {

Initializer glorot_uniform(std::int64_t fan_in, std::int64_t fan_out) {
    const double limit = std::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
    return [limit](std::int64_t size, RandomStream& random) {
        std::vector<double> values(static_cast<std::size_t>(size));
        for (double& value : values) value = random.uniform(-limit, limit);
        return values;
    };
}

Initializer constant(double value) {
    return [value](std::int64_t size, RandomStream&) {
        return std::vector<double>(static_cast<std::size_t>(size), value);
    };
}

}  // namespace cairn::nn
