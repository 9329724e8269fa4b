// Chapter 4: one right answer.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

std::vector<Range> batches(std::size_t N, std::size_t batch) {
    std::vector<Range> all;
    for (std::size_t first = 0; first < N; first += batch) all.push_back({first, std::min(batch, N - first)});
    return all;
}

double cross_entropy(const Array& logits, const std::vector<int>& labels) {
    const std::size_t B = logits.shape[0], C = logits.shape[1];
    double loss = 0;
    for (std::size_t i = 0; i < B; ++i) {
        const double* const row = &logits.values[i * C];
        const double most = *std::max_element(row, row + C);
        double sum = 0;
        for (std::size_t c = 0; c < C; ++c) sum += std::exp(row[c] - most);
        loss += std::log(sum) - (row[labels[i]] - most);
    }
    return loss / static_cast<double>(B);
}

Array cross_entropy_gradient(const Array& logits, const std::vector<int>& labels) {
    const std::size_t B = logits.shape[0], C = logits.shape[1];
    Array d(logits.shape);
    for (std::size_t i = 0; i < B; ++i) {
        const double* const row = &logits.values[i * C];
        const double most = *std::max_element(row, row + C);
        double sum = 0;
        for (std::size_t c = 0; c < C; ++c) sum += d[i * C + c] = std::exp(row[c] - most);
        for (std::size_t c = 0; c < C; ++c) {
            const double hot = static_cast<int>(c) == labels[i] ? 1 : 0;
            d[i * C + c] = (d[i * C + c] / sum - hot) / static_cast<double>(B);
        }
    }
    return d;
}

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = momentum * v[i] - rate * dw[i];
        w[i] += v[i];
    }
}

void adam_step(Array& w, const Array& dw, AdamState& state, const AdamOptions& o) {
    const int t = ++state.steps;
    const double m_part = 1 - std::pow(o.beta1, t), v_part = 1 - std::pow(o.beta2, t);
    for (std::size_t i = 0; i < w.size(); ++i) {
        state.m[i] = o.beta1 * state.m[i] + (1 - o.beta1) * dw[i];
        state.v[i] = o.beta2 * state.v[i] + (1 - o.beta2) * dw[i] * dw[i];
        w[i] -= o.rate * (state.m[i] / m_part) / (std::sqrt(state.v[i] / v_part) + o.epsilon);
    }
}

namespace {

// The loss of a batch, whose gradients are then in the parameters.
double gradients(Model& model, const Data& part) {
    for (Parameter* p : model.parameters()) std::fill(p->gradient.values.begin(), p->gradient.values.end(), 0.0);
    const Array logits = model.forward(part.images, true);
    model.backward(cross_entropy_gradient(logits, part.labels));
    return cross_entropy(logits, part.labels);
}

}  // namespace

double train_epoch(Model& model, const Data& data, std::size_t batch, const Update& update) {
    double sum = 0;
    for (const Range& range : batches(data.size(), batch)) {
        sum += gradients(model, data.part(range.first, range.count)) * static_cast<double>(range.count);
        update(model.parameters());
    }
    return sum / static_cast<double>(data.size());
}

Score evaluate(Model& model, const Data& data, std::size_t batch) {
    Score score;
    for (const Range& range : batches(data.size(), batch)) {
        const Data part = data.part(range.first, range.count);
        const Array logits = model.forward(part.images, false);
        score.loss += cross_entropy(logits, part.labels) * static_cast<double>(range.count);
        const std::size_t C = logits.shape[1];
        for (std::size_t i = 0; i < range.count; ++i) {
            const double* const row = &logits.values[i * C];
            if (std::max_element(row, row + C) - row == part.labels[i]) score.accuracy += 1;
        }
    }
    score.loss /= static_cast<double>(data.size());
    score.accuracy /= static_cast<double>(data.size());
    return score;
}

bool starts_right(Model& model, const Data& data) {
    const std::size_t C = model.forward(data.part(0, 1).images, false).shape[1];
    return std::abs(evaluate(model, data, 32).loss - std::log(static_cast<double>(C))) <= 0.1;
}

bool learns_twenty(Model& model, const Data& data) {
    const Data few = data.part(0, std::min<std::size_t>(20, data.size()));
    std::vector<AdamState> states;
    for (const Parameter* p : model.parameters()) states.push_back({Array(p->value.shape), Array(p->value.shape), 0});
    const Update update = [&](const std::vector<Parameter*>& parameters) {
        for (std::size_t i = 0; i < parameters.size(); ++i)
            adam_step(parameters[i]->value, parameters[i]->gradient, states[i], {.rate = 0.01});
    };
    for (int epoch = 0; epoch < 400; ++epoch) train_epoch(model, few, 20, update);
    return evaluate(model, few, 20).loss < 0.05;
}

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
        if (!std::isfinite(smoothed) || (step > 0 && smoothed > 4 * least)) break;
        if (step == 0 || smoothed < least) least = smoothed, curve.suggested = rate / 10;
        curve.rates.push_back(rate);
        curve.losses.push_back(smoothed);
        rule(model.parameters(), rate);
    }
    for (std::size_t i = 0; i < before.size(); ++i) model.parameters()[i]->value = before[i];
    return curve;
}

}  // namespace exercise
