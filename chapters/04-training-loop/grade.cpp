// The grading of chapter 4: the pieces of the loop. grade_loop.cpp has the loop itself.
#include "cairn/course/grading.h"
#include "chapters/04-training-loop/grade_loop.h"

#include <fmt/format.h>

#include <cmath>

namespace cairn::course {

namespace {

using exercise::AdamOptions;
using exercise::AdamState;

void batches(Trial& t) {
    for (const auto& [N, batch] : std::vector<std::pair<std::size_t, std::size_t>>{{10, 4}, {12, 4}, {1, 1}, {3, 7}, {100, 32}, {5, 1}, {7, 7}})
        t.run(fmt::format("{} images in batches of {}", N, batch), [&, N = N, batch = batch] {
            const std::vector<exercise::Range> ranges = exercise::batches(N, batch);
            Array yours({ranges.size(), 2}), expected({(N + batch - 1) / batch, 2});
            for (std::size_t i = 0; i < ranges.size(); ++i)
                yours[2 * i] = static_cast<double>(ranges[i].first), yours[2 * i + 1] = static_cast<double>(ranges[i].count);
            std::size_t left = N;
            for (std::size_t i = 0; 2 * i < expected.size(); ++i) {
                const std::size_t count = left < batch ? left : batch;
                expected[2 * i] = static_cast<double>(N - left), expected[2 * i + 1] = static_cast<double>(count);
                left -= count;
            }
            t.check("first and count of each batch", yours, expected);
        });
}

struct Logits {
    const char* name;
    std::size_t B, C;
    double scale, shift;
};
const std::vector<Logits> logits_cases = {{"5 rows of 3", 5, 3, 1, 0}, {"one row of 10", 1, 10, 2, 0}, {"4 rows of 4", 4, 4, 3, 0}, {"one class", 3, 1, 1, 0}, {"7 rows of 2, logits about 1000", 7, 2, 1, 1000}, {"2 rows of 5, logits about -1000", 2, 5, 1, -1000}, {"3 rows of 6, logits of thousands", 3, 6, 2000, 0}};

struct Drawn {
    Array logits;
    std::vector<int> labels;
};

Drawn drawn(Trial& t, const Logits& c) {
    Drawn d{t.normal({c.B, c.C}), {}};
    for (double& value : d.logits.values) value = c.scale * value + c.shift;
    for (std::size_t i = 0; i < c.B; ++i) d.labels.push_back(static_cast<int>(t.random().uniform(0, 1) * static_cast<double>(c.C)));
    return d;
}

// exp(a[c] - a[label]) summed without the largest one in front: ln(1 + rest), by pairs. Slow and stable.
double log_sum(const Array& a, std::size_t row, std::size_t C) {
    double log_of_sum = a[row * C];
    for (std::size_t c = 1; c < C; ++c) {
        const double x = a[row * C + c], high = std::max(x, log_of_sum), low = std::min(x, log_of_sum);
        log_of_sum = high + std::log1p(std::exp(low - high));
    }
    return log_of_sum;
}

void cross_entropy(Trial& t) {
    for (const Logits& c : logits_cases)
        t.run(c.name, [&] {
            const auto [logits, labels] = drawn(t, c);
            double sum = 0;
            for (std::size_t i = 0; i < c.B; ++i) sum += log_sum(logits, i, c.C) - logits[i * c.C + static_cast<std::size_t>(labels[i])];
            t.number("loss", exercise::cross_entropy(logits, labels), sum / static_cast<double>(c.B));
        });
}

void cross_entropy_gradient(Trial& t) {
    for (const Logits& c : logits_cases)
        t.run(c.name, [&] {
            const auto [logits, labels] = drawn(t, c);
            Array d(logits.shape);
            for (std::size_t i = 0; i < d.size(); ++i) {
                const std::size_t row = i / c.C;
                const double hot = i % c.C == static_cast<std::size_t>(labels[row]) ? 1 : 0;
                d[i] = (std::exp(logits[i] - log_sum(logits, row, c.C)) - hot) / static_cast<double>(c.B);
            }
            t.check("dlogits", exercise::cross_entropy_gradient(logits, labels), d);
        });
}

void sgd(Trial& t) {
    for (const double momentum : {0.0, 0.9, 0.5})
        for (const Sizes& shape : {Sizes{1}, Sizes{2, 3}})
            t.run(fmt::format("{}, momentum {:g}, 4 steps", text_of(shape), momentum), [&] {
                Array w = t.normal(shape), v(shape), mine = w;
                std::vector<Array> moves;
                for (const double rate : {0.1, 0.1, 0.02, 0.3}) {
                    const Array dw = t.normal(shape);
                    // v after this step: the moves before it, each times momentum once more.
                    Array move = dw;
                    for (double& value : move.values) value *= -rate;
                    for (Array& before : moves)
                        for (double& value : before.values) value *= momentum;
                    moves.push_back(move);
                    Array velocity(shape);
                    for (const Array& part : moves)
                        for (std::size_t i = 0; i < part.size(); ++i) velocity[i] += part[i];
                    for (std::size_t i = 0; i < mine.size(); ++i) mine[i] += velocity[i];
                    exercise::sgd_step(w, dw, v, rate, momentum);
                    t.check(fmt::format("w after step {}", moves.size()), w, mine);
                    t.check(fmt::format("v after step {}", moves.size()), v, velocity);
                }
            });
}

void adam(Trial& t) {
    for (const AdamOptions& o : {AdamOptions{}, AdamOptions{.rate = 0.1, .beta1 = 0.5, .beta2 = 0.8, .epsilon = 0.05}})
        for (const Sizes& shape : {Sizes{1}, Sizes{3, 2}})
            t.run(fmt::format("{}, rate {:g}, epsilon {:g}, 3 steps", text_of(shape), o.rate, o.epsilon), [&] {
                Array w = t.normal(shape), mine = w;
                AdamState state{Array(shape), Array(shape), 0};
                std::vector<Array> past;
                for (int step = 1; step <= 3; ++step) {
                    past.push_back(t.normal(shape));
                    for (std::size_t i = 0; i < mine.size(); ++i) {
                        double m = 0, v = 0, m_weight = 0, v_weight = 0;  // weighted means of what was seen
                        for (int s = 0; s < step; ++s) {
                            const double g = past[static_cast<std::size_t>(s)][i], a = std::pow(o.beta1, step - 1 - s), b = std::pow(o.beta2, step - 1 - s);
                            m += a * g, m_weight += a, v += b * g * g, v_weight += b;
                        }
                        mine[i] -= o.rate * (m / m_weight) / (std::sqrt(v / v_weight) + o.epsilon);
                    }
                    exercise::adam_step(w, past.back(), state, o);
                    t.check(fmt::format("w after step {}", step), w, mine, {.relative = 1e-9});
                    t.number(fmt::format("steps after step {}", step), state.steps, step);
                }
            });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "batches", .functions = {"batches"}, .run = batches, .hint = "first = 0, batch, 2 batch, … while first < N; the last count is what is left."},
        {.name = "cross_entropy", .functions = {"cross_entropy"}, .run = cross_entropy, .hint = "Subtract the row's largest logit before exp: ln Σ exp(a - most) - (a[label] - most).", .points = 2},
        {.name = "cross_entropy_gradient", .functions = {"cross_entropy_gradient"}, .run = cross_entropy_gradient, .hint = "(softmax - one_hot) / B.", .points = 2},
        {.name = "sgd", .functions = {"sgd_step"}, .run = sgd, .hint = "v = momentum v - rate dw, then w = w + v."},
        {.name = "adam", .functions = {"adam_step"}, .run = adam, .hint = "t = 1 for the first step; both means are divided by 1 - beta^t; epsilon is added to the root.", .points = 2},
        {.name = "train_epoch", .functions = {"train_epoch"}, .run = train_epoch, .hint = "For each batch: gradients to 0, forward, backward, update. The loss of a batch counts as often as it has images.", .points = 3},
        {.name = "evaluate", .functions = {"evaluate"}, .run = evaluate, .hint = "forward(…, false); sums over images, divided by N at the end.", .points = 2},
        {.name = "starts_right", .functions = {"starts_right"}, .run = starts_right, .hint = "|loss - ln C| <= 0.1, with the loss that evaluate() measures, and C from the logits' shape."},
        {.name = "learns_twenty", .functions = {"learns_twenty"}, .run = learns_twenty, .hint = "A state of Adam for each parameter, 400 epochs of one batch, then evaluate().", .points = 2},
        {.name = "find_rate", .functions = {"find_rate"}, .run = find_rate, .hint = "sum = 0.9 sum + loss, weights = 0.9 weights + 1, smoothed = sum / weights; and keep a copy of the values.", .points = 3},
    }};
}

}  // namespace cairn::course
