// Batch normalization in training, statistics and application, and its backward, on the models' shapes.
#include "ladder/ladder.h"
#include "ladder/rungs.h"
#include "ladder/shapes.h"

namespace cairn::bench {
namespace {

constexpr double epsilon = 1e-3;

struct Operands {
    Tensor x, gamma, beta, mean, variance, y, dy, dx, dgamma, dbeta;

    Operands(const LayerShapes& shapes, const Device& device)
        : x(noise(shapes.input, device, 1)),
          gamma(noise({shapes.input[-1]}, device, 2)),
          beta(noise({shapes.input[-1]}, device, 3)),
          mean(empty_like(gamma)),
          variance(empty_like(gamma)),
          y(empty_like(x)),
          dy(noise(shapes.input, device, 4)),
          dx(empty_like(x)),
          dgamma(empty_like(gamma)),
          dbeta(empty_like(gamma)) {
        backend(device).batch_norm_statistics(x, mean, variance);
    }

    void forward() const {
        backend(x).batch_norm_statistics(x, mean, variance);
        backend(x).batch_norm(x, {mean, variance, gamma, beta, epsilon}, y);
    }
    void backward() const {
        backend(x).batch_norm_backward(x, {mean, variance, gamma, beta, epsilon}, Statistics::batch, dy,
                                       {dx, dgamma, dbeta});
    }
};

// Statistics read x, and the application reads it again and writes y.
Ladder forward(const LayerShapes& shapes) {
    const Operands a(shapes, slow), b(shapes, fast), c(shapes, fast);
    return {.rungs = {{[=] { a.forward(); }, a.y},
                      {[=] { batch_norm_by_passes(b.x, b.gamma, b.beta, epsilon, b.y); }, b.y},
                      {[=] { c.forward(); }, c.y}},
            .bytes = static_cast<double>(3 * c.x.bytes())};
}

// The sums read x and dy, then dx reads both again and is written.
Ladder backward(const LayerShapes& shapes) {
    const Operands a(shapes, slow), b(shapes, fast), c(shapes, fast);
    return {
        .rungs = {{[=] { a.backward(); }, a.dx},
                  {[=] {
                       batch_norm_backward_by_passes(b.x, {b.mean, b.variance, b.gamma, b.beta, epsilon}, b.dy, b.dx);
                   },
                   b.dx},
                  {[=] { c.backward(); }, c.dx}},
        .bytes = static_cast<double>(5 * c.x.bytes())};
}

const bool added = [] {
    const std::vector<std::string> rungs{"reference", "by_passes", "cpu"};
    for (const LayerShapes& shapes : layers_of("BatchNormalization")) {
        add_ladder(shapes.name + "/forward", rungs, [=] { return forward(shapes); });
        add_ladder(shapes.name + "/backward", rungs, [=] { return backward(shapes); });
    }
    return true;
}();

}  // namespace
}  // namespace cairn::bench
