#include "cairn/nn/initializers.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <cmath>

namespace cairn::nn {

namespace {

// The deviation that is left of a normal distribution of deviation 1 that is cut off at two: sqrt(1 - 4 p(2) / (2 P(2) - 1))
// with its density p and the share P below a number.
constexpr double truncated_deviation = 0.87962566103423978;

template <typename Draw>
std::vector<double> fill(const Shape& shape, const Draw& draw) {
    std::vector<double> values(static_cast<std::size_t>(shape.size()));
    for (double& value : values) value = draw();
    return values;
}

double draw_truncated(RandomStream& random) {
    double value = random.normal();
    while (std::abs(value) > 2) value = random.normal();
    return value;
}

using Variance = double (*)(const Fans& fans);
double glorot(const Fans& fans) { return 2 / (fans.in + fans.out); }
double he(const Fans& fans) { return 2 / fans.in; }
double lecun(const Fans& fans) { return 1 / fans.in; }

Initializer scaled_uniform(Variance variance) {
    return [variance](const Shape& shape, RandomStream& random) {
        const double limit = std::sqrt(3 * variance(fans_of(shape)));
        return fill(shape, [&] { return random.uniform(-limit, limit); });
    };
}

Initializer scaled_normal(Variance variance) {
    return [variance](const Shape& shape, RandomStream& random) {
        const double deviation = std::sqrt(variance(fans_of(shape))) / truncated_deviation;
        return fill(shape, [&] { return deviation * draw_truncated(random); });
    };
}

double dot(const double* a, const double* b, std::int64_t n, std::int64_t stride) {
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += a[i * stride] * b[i * stride];
    return sum;
}

// Makes the columns of q (rows, columns) orthonormal by Gram and Schmidt, each projected twice, which brings them to
// orthogonality up to rounding ("twice is enough", Kahan and Parlett in Parlett 1980). No more columns than rows.
void orthonormalize(std::vector<double>& q, std::int64_t rows, std::int64_t columns) {
    for (std::int64_t k = 0; k < columns; ++k) {
        double* column = q.data() + k;
        for (int pass = 0; pass < 2; ++pass)
            for (std::int64_t before = 0; before < k; ++before) {
                const double* other = q.data() + before;
                const double share = dot(column, other, rows, columns);
                for (std::int64_t i = 0; i < rows; ++i) column[i * columns] -= share * other[i * columns];
            }
        const double length = std::sqrt(dot(column, column, rows, columns));
        for (std::int64_t i = 0; i < rows; ++i) column[i * columns] /= length;
    }
}

}  // namespace

Fans fans_of(const Shape& shape) {
    if (shape.rank() == 0) return {1, 1};
    if (shape.rank() == 1)
        return {std::max(1.0, static_cast<double>(shape[0])), std::max(1.0, static_cast<double>(shape[0]))};
    double window = 1;
    for (int axis = 0; axis < shape.rank() - 2; ++axis) window *= static_cast<double>(shape[axis]);
    return {std::max(1.0, window * static_cast<double>(shape[-2])),
            std::max(1.0, window * static_cast<double>(shape[-1]))};
}

Initializer constant(double value) {
    return [value](const Shape& shape, RandomStream&) {
        return std::vector<double>(static_cast<std::size_t>(shape.size()), value);
    };
}
Initializer zeros() { return constant(0); }
Initializer ones() { return constant(1); }

Initializer random_uniform(double low, double high) {
    return [=](const Shape& shape, RandomStream& random) {
        return fill(shape, [&] { return random.uniform(low, high); });
    };
}

Initializer random_normal(double mean, double deviation) {
    return [=](const Shape& shape, RandomStream& random) {
        return fill(shape, [&] { return mean + deviation * random.normal(); });
    };
}

Initializer truncated_normal(double mean, double deviation) {
    return [=](const Shape& shape, RandomStream& random) {
        return fill(shape, [&] { return mean + deviation * draw_truncated(random); });
    };
}

// Not by scaled_uniform: 3 times the rounded variance would give other last digits than the trainings that are recorded.
Initializer glorot_uniform() {
    return [](const Shape& shape, RandomStream& random) {
        const Fans fans = fans_of(shape);
        const double limit = std::sqrt(6.0 / (fans.in + fans.out));
        return fill(shape, [&] { return random.uniform(-limit, limit); });
    };
}
Initializer glorot_normal() { return scaled_normal(glorot); }
Initializer he_uniform() { return scaled_uniform(he); }
Initializer he_normal() { return scaled_normal(he); }
Initializer lecun_uniform() { return scaled_uniform(lecun); }
Initializer lecun_normal() { return scaled_normal(lecun); }

Initializer orthogonal(double gain) {
    return [gain](const Shape& shape, RandomStream& random) {
        check(shape.rank() >= 2, "orthogonal: a parameter {} needs two axes or more", shape);
        const std::int64_t columns = shape[-1], rows = columns == 0 ? 0 : shape.size() / columns;
        const std::int64_t tall = std::max(rows, columns), narrow = std::min(rows, columns);
        std::vector<double> q = fill(Shape{tall, narrow}, [&] { return random.normal(); });
        orthonormalize(q, tall, narrow);
        std::vector<double> values(q.size());
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t column = 0; column < columns; ++column) {
                const std::int64_t from = rows < columns ? column * narrow + row : row * narrow + column;
                values[static_cast<std::size_t>(row * columns + column)] = gain * q[static_cast<std::size_t>(from)];
            }
        return values;
    };
}

}  // namespace cairn::nn
