// part: fit_boundary
// relu is missing: points that are far on the right side go on pulling.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

std::vector<double> fit_boundary(const std::vector<Point>& points, std::vector<double> weights, double rate, int steps) {
    for (int step = 0; step < steps; ++step) {
        const std::vector<Value> leaves(weights.begin(), weights.end());
        Value loss(0);
        for (const Point& point : points) loss = loss + 1.0 + -point.side * score(leaves, point.x, point.y);
        backward(loss * (1.0 / static_cast<double>(points.size())));
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] -= rate * leaves[i].gradient();
    }
    return weights;
}

}  // namespace exercise
