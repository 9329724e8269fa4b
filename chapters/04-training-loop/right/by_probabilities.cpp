// Another right answer: one function for loss and gradient, Adam with its corrections folded into the rate, explicit index loops.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace exercise {

namespace {

struct Judged {
    double loss = 0;
    Array gradient{};
    std::size_t right = 0;
};

Judged judge(const Array& logits, const std::vector<int>& labels) {
    const std::size_t rows = labels.size(), classes = logits.size() / rows;
    Judged judged{0, logits, 0};
    for (std::size_t row = 0; row < rows; ++row) {
        const auto at = [&](std::size_t c) -> double& { return judged.gradient[row * classes + c]; };
        const auto wanted = static_cast<std::size_t>(labels[row]);
        std::size_t best = 0;
        for (std::size_t c = 1; c < classes; ++c)
            if (at(c) > at(best)) best = c;
        const double largest = at(best), own = at(wanted);
        if (best == wanted) ++judged.right;
        double total = 0;
        for (std::size_t c = 0; c < classes; ++c) total += at(c) = std::exp(at(c) - largest);
        judged.loss += largest + std::log(total) - own;
        for (std::size_t c = 0; c < classes; ++c) at(c) /= total * static_cast<double>(rows);
        at(wanted) -= 1.0 / static_cast<double>(rows);
    }
    judged.loss /= static_cast<double>(rows);
    return judged;
}

void clear(Model& model) {
    for (Parameter* p : model.parameters()) p->gradient = Array(p->value.shape);
}

}  // namespace

std::vector<Range> batches(std::size_t N, std::size_t batch) {
    std::vector<Range> ranges;
    std::size_t left = N;
    while (left > 0) {
        const std::size_t count = left < batch ? left : batch;
        ranges.push_back({N - left, count});
        left -= count;
    }
    return ranges;
}

double cross_entropy(const Array& logits, const std::vector<int>& labels) { return judge(logits, labels).loss; }

Array cross_entropy_gradient(const Array& logits, const std::vector<int>& labels) { return judge(logits, labels).gradient; }

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (double& velocity : v.values) velocity *= momentum;
    for (std::size_t i = 0; i < w.size(); ++i) w[i] += v[i] -= rate * dw[i];
}

void adam_step(Array& w, const Array& dw, AdamState& state, const AdamOptions& o) {
    ++state.steps;
    const double root = std::sqrt(1 - std::pow(o.beta2, state.steps));
    const double rate = o.rate * root / (1 - std::pow(o.beta1, state.steps));
    for (std::size_t i = 0; i < w.size(); ++i) {
        state.m[i] += (1 - o.beta1) * (dw[i] - state.m[i]);
        state.v[i] += (1 - o.beta2) * (dw[i] * dw[i] - state.v[i]);
        w[i] -= rate * state.m[i] / (std::sqrt(state.v[i]) + root * o.epsilon);
    }
}

double train_epoch(Model& model, const Data& data, std::size_t batch, const Update& update) {
    double mean = 0;
    for (std::size_t first = 0; first < data.size(); first += batch) {
        const Data part = data.part(first, std::min(batch, data.size() - first));
        const Judged judged = judge(model.forward(part.images, true), part.labels);
        clear(model);
        model.backward(judged.gradient);
        update(model.parameters());
        mean += judged.loss * static_cast<double>(part.size()) / static_cast<double>(data.size());
    }
    return mean;
}

Score evaluate(Model& model, const Data& data, std::size_t batch) {
    Score score;
    std::size_t right = 0;
    for (std::size_t first = 0; first < data.size(); first += batch) {
        const Data part = data.part(first, std::min(batch, data.size() - first));
        const Judged judged = judge(model.forward(part.images, false), part.labels);
        right += judged.right;
        score.loss += judged.loss * static_cast<double>(part.size()) / static_cast<double>(data.size());
    }
    score.accuracy = static_cast<double>(right) / static_cast<double>(data.size());
    return score;
}

bool starts_right(Model& model, const Data& data) {
    const Array logits = model.forward(data.images, false);
    const double guess = std::log(static_cast<double>(logits.shape.back())), loss = judge(logits, data.labels).loss;
    return guess - 0.1 <= loss && loss <= guess + 0.1;
}

bool learns_twenty(Model& model, const Data& data) {
    const Data few = data.size() > 20 ? data.part(0, 20) : data;
    std::vector<AdamState> states(model.parameters().size());
    for (std::size_t i = 0; i < states.size(); ++i) states[i].m = states[i].v = Array(model.parameters()[i]->value.shape);
    for (int step = 0; step < 400; ++step) {
        train_epoch(model, few, few.size(), [&](const std::vector<Parameter*>& parameters) {
            auto state = states.begin();
            for (Parameter* p : parameters) adam_step(p->value, p->gradient, *state++, {.rate = 0.01});
        });
        if (step % 20 == 19 && evaluate(model, few, 5).loss < 0.05) return true;
    }
    return false;
}

Curve find_rate(Model& model, const Data& data, std::size_t batch, double lowest, double highest, int steps, const Rule& rule) {
    std::vector<Parameter> before;
    for (const Parameter* p : model.parameters()) before.push_back(*p);
    Curve curve;
    double smoothed = 0, share = 1, best = std::numeric_limits<double>::infinity(), rate = lowest;
    const double factor = std::pow(highest / lowest, 1.0 / (steps - 1));
    std::size_t first = 0;
    for (int step = 0; step < steps; ++step, rate *= factor) {
        const Data part = data.part(first, std::min(batch, data.size() - first));
        first = first + batch < data.size() ? first + batch : 0;
        const Judged judged = judge(model.forward(part.images, true), part.labels);
        clear(model);
        model.backward(judged.gradient);
        smoothed += 0.1 * (judged.loss - smoothed);
        share *= 0.9;
        const double loss = smoothed / (1 - share);
        if (std::isnan(loss) || std::isinf(loss) || loss > 4 * best) break;
        if (loss < best) {
            best = loss;
            curve.suggested = 0.1 * rate;
        }
        curve.rates.push_back(rate);
        curve.losses.push_back(loss);
        rule(model.parameters(), rate);
    }
    for (std::size_t i = 0; i < before.size(); ++i) *model.parameters()[i] = before[i];
    return curve;
}

}  // namespace exercise
