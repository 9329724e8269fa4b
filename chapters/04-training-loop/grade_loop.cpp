#include "chapters/04-training-loop/grade_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cairn::course {

namespace {

using exercise::Data;
using exercise::Parameter;

// The loss of these images in this mode, and, if asked for, its gradients in the parameters: image by image.
struct Reference {
    double loss = 0, accuracy = 0;
};
Reference measured(Network& model, const Data& data, bool training, bool gradients) {
    const Array logits = model.forward(data.images, training);
    const std::size_t B = logits.shape[0], C = logits.shape[1];
    Array d(logits.shape);
    Reference sum;
    for (std::size_t i = 0; i < B; ++i) {
        const double* const row = &logits.values[i * C];
        const auto label = static_cast<std::size_t>(data.labels[i]);
        double all = 0;
        for (std::size_t c = 0; c < C; ++c) all += std::exp(row[c]);
        for (std::size_t c = 0; c < C; ++c) d[i * C + c] = std::exp(row[c]) / all / static_cast<double>(B);
        d[i * C + label] -= 1 / static_cast<double>(B);
        sum.loss += (std::log(all) - row[label]) / static_cast<double>(B);
        if (std::all_of(row, row + C, [&](double a) { return a <= row[label]; })) sum.accuracy += 1 / static_cast<double>(B);
    }
    for (Parameter* p : gradients ? model.parameters() : std::vector<Parameter*>()) p->gradient = Array(p->value.shape);
    if (gradients) model.backward(d);
    return sum;
}

void descend(const std::vector<Parameter*>& parameters, double rate) {
    for (Parameter* p : parameters)
        for (std::size_t i = 0; i < p->value.size(); ++i) p->value[i] -= rate * p->gradient[i];
}

Array all_values(Network& model) {
    Array all({0});
    for (const Parameter* p : model.parameters()) all.values.insert(all.values.end(), p->value.values.begin(), p->value.values.end());
    all.shape = {all.values.size()};
    return all;
}

struct Sizes3 {
    std::size_t N, batch;
    bool drops;
    std::string text() const { return fmt::format("{} images in batches of {}{}", N, batch, drops ? ", another mode in training" : ""); }
};
const std::vector<Sizes3> passes = {{4, 4, false}, {10, 4, false}, {1, 8, false}, {7, 3, true}, {9, 2, true}};

}  // namespace

void train_epoch(Trial& t) {
    for (const Sizes3& s : passes)
        t.run(s.text(), [&] {
            const Data data = images(t.random(), s.N, 5, 3);
            Network mine(5, 4, 3, 7, 0.7), yours(5, 4, 3, 7, 0.7);
            mine.drops = yours.drops = s.drops;
            for (Parameter* p : yours.parameters()) p->gradient.values.assign(p->gradient.size(), 0.5);  // of an earlier batch
            double sum = 0;
            for (int epoch = 0; epoch < 2; ++epoch) {
                sum = 0;
                for (std::size_t first = 0; first < s.N; first += s.batch) {
                    const std::size_t count = std::min(s.batch, s.N - first);
                    sum += measured(mine, data.part(first, count), true, true).loss * static_cast<double>(count);
                    descend(mine.parameters(), 0.4);
                }
            }
            const auto update = [](const std::vector<Parameter*>& parameters) { descend(parameters, 0.4); };
            exercise::train_epoch(yours, data, s.batch, update);
            const double loss = exercise::train_epoch(yours, data, s.batch, update);
            t.number("loss of the second epoch", loss, sum / static_cast<double>(s.N));
            t.check("parameters after two epochs", all_values(yours), all_values(mine));
        });
}

void evaluate(Trial& t) {
    for (const Sizes3& s : {Sizes3{20, 6, false}, Sizes3{1, 4, false}, Sizes3{11, 3, true}, Sizes3{8, 4, true}, Sizes3{5, 64, true}})
        t.run(s.text(), [&] {
            const Data data = images(t.random(), s.N, 5, 3);
            Network mine(5, 4, 3, 3, 1.5), yours(5, 4, 3, 3, 1.5);
            mine.drops = yours.drops = s.drops;
            const Array before = all_values(yours);
            const Reference expected = measured(mine, data, false, false);
            const exercise::Score score = exercise::evaluate(yours, data, s.batch);
            t.number("loss", score.loss, expected.loss);
            t.number("accuracy", score.accuracy, expected.accuracy);
            const bool same = all_values(yours).values == before.values;
            t.require("parameters", same, same ? 1 : 0, "evaluate has changed the parameters");
        });
}

void starts_right(Trial& t) {
    for (const Judged& judged : beginnings())
        t.run(judged.name, [&] {
            t.verdict("accepted", exercise::starts_right(*judged.model, judged.data), judged.right,
                      (judged.right ? "a right beginning is refused: " : "a wrong beginning is accepted: ") + judged.about);
        });
}

void learns_twenty(Trial& t) {
    for (const Judged& judged : learners())
        t.run(judged.name, [&] {
            t.verdict("accepted", exercise::learns_twenty(*judged.model, judged.data), judged.right,
                      (judged.right ? "a model that learns is refused: " : "a model that cannot learn is accepted: ") + judged.about);
        });
}

namespace {

// The curve, by its definition: each smoothed loss is summed anew.
exercise::Curve curve_of(Network& model, const Data& data, std::size_t batch, double lowest, double highest, int steps) {
    exercise::Curve curve;
    std::vector<double> losses;
    const std::size_t count = (data.size() + batch - 1) / batch;
    double least = 0;
    for (int step = 0; step < steps; ++step) {
        const std::size_t first = static_cast<std::size_t>(step) % count * batch;
        losses.push_back(measured(model, data.part(first, std::min(batch, data.size() - first)), true, true).loss);
        double sum = 0, weights = 0;
        for (std::size_t i = 0; i < losses.size(); ++i) {
            const double weight = std::pow(0.9, static_cast<double>(losses.size() - 1 - i));
            sum += weight * losses[i], weights += weight;
        }
        const double smoothed = sum / weights, rate = std::exp(std::log(lowest) + (std::log(highest) - std::log(lowest)) * step / (steps - 1));
        if (!curve.losses.empty() && !(smoothed <= 4 * least)) break;
        if (curve.losses.empty() || smoothed < least) least = smoothed, curve.suggested = rate / 10;
        curve.rates.push_back(rate);
        curve.losses.push_back(smoothed);
        descend(model.parameters(), rate);
    }
    return curve;
}

}  // namespace

void find_rate(Trial& t) {
    struct Search {
        std::size_t N, batch;
        double lowest, highest;
        int steps;
    };
    for (const Search& s : {Search{12, 5, 1e-3, 1, 30}, Search{40, 8, 1e-4, 300, 60}, Search{6, 6, 0.01, 0.1, 2}, Search{30, 10, 1e-2, 1e4, 50}})
        t.run(fmt::format("{} images in batches of {}, {} steps from {:g} to {:g}", s.N, s.batch, s.steps, s.lowest, s.highest), [&] {
            const Data data = images(t.random(), s.N, 5, 3);
            Network mine(5, 4, 3, 9, 0.5), yours(5, 4, 3, 9, 0.5);
            const Array before = all_values(yours);
            const exercise::Curve expected = curve_of(mine, data, s.batch, s.lowest, s.highest, s.steps);
            const exercise::Curve curve = exercise::find_rate(yours, data, s.batch, s.lowest, s.highest, s.steps, descend);
            const auto array = [](const std::vector<double>& values) { return Array({values.size()}, values); };
            t.check("rates", array(curve.rates), array(expected.rates), {.relative = 1e-9});
            t.check("losses", array(curve.losses), array(expected.losses), {.relative = 1e-7});  // high rates magnify rounding
            t.number("suggested", curve.suggested, expected.suggested, {.relative = 1e-9});
            const bool same = all_values(yours).values == before.values;
            t.require("parameters", same, same ? 1 : 0, "the parameters are not what they were before");
        });
}

}  // namespace cairn::course
