#include "chapters/01-scalars/grade_graphs.h"

#include "cairn/core/random.h"

#include <numbers>

namespace cairn::course {

namespace {

using exercise::Node;

// Node i has the inputs of the numbers in inputs[i].
Graph made(std::string name, const std::vector<std::vector<std::size_t>>& inputs) {
    Graph graph{std::move(name), {}};
    for (const auto& each : inputs) {
        graph.nodes.push_back(std::make_shared<Node>());
        for (const std::size_t i : each) graph.nodes.back()->inputs.push_back(graph.nodes[i]);
    }
    return graph;
}

// Each node has two earlier ones as inputs, so that all lead to the last one.
std::vector<std::vector<std::size_t>> tangled(std::size_t count) {
    RandomStream random({.seed = 3, .stream = stream_of(Purpose::test), .step = 0});
    std::vector<std::vector<std::size_t>> inputs{{}};
    for (std::size_t i = 1; i < count; ++i)
        inputs.push_back({i - 1, static_cast<std::size_t>(random.uniform(0, 1) * static_cast<double>(i)) % i});
    return inputs;
}

std::vector<std::vector<std::size_t>> chain(std::size_t count, std::size_t times) {
    std::vector<std::vector<std::size_t>> inputs{{}};
    for (std::size_t i = 1; i < count; ++i) inputs.push_back(std::vector<std::size_t>(times, i - 1));
    return inputs;
}

RandomStream stream(std::uint64_t seed) {
    return RandomStream({.seed = seed, .stream = stream_of(Purpose::test), .step = 0});
}

}  // namespace

std::vector<Graph> graphs() {
    return {made("a leaf", {{}}),
            made("a + b", {{}, {}, {0, 1}}),
            made("x * x", {{}, {0, 0}}),
            made("a diamond", {{}, {0}, {0}, {1, 2}}),
            made("a short way and a long one", {{}, {0}, {1}, {2}, {3, 0}, {4, 1}}),
            made("the input stands first", {{}, {0}, {0, 1}, {2, 0}}),
            made("41 tangled nodes", tangled(41)),
            made("a chain of 100,000", chain(100'000, 1)),
            made("60 doublings", chain(61, 2))};
}

std::vector<exercise::Point> half_moons() {
    RandomStream random = stream(11);
    std::vector<exercise::Point> points;
    for (int i = 0; i < 60; ++i) {
        const double side = i % 2 == 0 ? 1 : -1, angle = std::numbers::pi * random.uniform(0, 1);
        const double x = std::cos(angle) - 0.5, y = std::sin(angle) - 0.25;
        points.push_back({side * x + 0.1 * random.normal(), side * y + 0.1 * random.normal(), side});
    }
    return points;
}

std::vector<double> first_weights(std::size_t units) {
    RandomStream random = stream(5);
    std::vector<double> weights(4 * units + 1);
    for (double& weight : weights) weight = random.normal();
    weights.back() = 0;
    return weights;
}

}  // namespace cairn::course
