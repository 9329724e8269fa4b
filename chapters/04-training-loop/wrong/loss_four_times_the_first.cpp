// part: find_rate
// the curve ends at four times the first loss; it should be four times the lowest one.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

namespace {

// The loss of a batch, whose gradients are then in the parameters.
double gradients(Model& model, const Data& part) {
    for (Parameter* p : model.parameters()) std::fill(p->gradient.values.begin(), p->gradient.values.end(), 0.0);
    const Array logits = model.forward(part.images, true);
    model.backward(cross_entropy_gradient(logits, part.labels));
    return cross_entropy(logits, part.labels);
}

}  // namespace

Curve find_rate(Model& model, const Data& data, std::size_t batch, double lowest, double highest, int steps, const Rule& rule) {
    std::vector<Array> before;
    for (const Parameter* p : model.parameters()) before.push_back(p->value);
    const std::vector<Range> ranges = batches(data.size(), batch);
    Curve curve;
    double sum = 0, weights = 0, least = 0;
    for (int step = 0; step < steps; ++step) {
        const double rate = lowest * std::pow(highest / lowest, step / (steps - 1.0));
        const Range range = ranges[static_cast<std::size_t>(step) % ranges.size()];
        sum = 0.9 * sum + gradients(model, data.part(range.first, range.count));
        weights = 0.9 * weights + 1;
        const double smoothed = sum / weights;
        if (!std::isfinite(smoothed) || (step > 0 && smoothed > 4 * curve.losses[0])) break;
        if (step == 0 || smoothed < least) least = smoothed, curve.suggested = rate / 10;
        curve.rates.push_back(rate);
        curve.losses.push_back(smoothed);
        rule(model.parameters(), rate);
    }
    for (std::size_t i = 0; i < before.size(); ++i) model.parameters()[i]->value = before[i];
    return curve;
}

}  // namespace exercise
