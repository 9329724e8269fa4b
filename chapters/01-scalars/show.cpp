// What `cairn chapter 1` shows of your exercise: the graph of (x y + x)², and the plane as your network sees it.
#include "cairn/course/grading.h"
#include "chapters/01-scalars/grade_graphs.h"

#include <fmt/format.h>

#include <map>

namespace cairn::course {

namespace {

using exercise::Node;
using exercise::Value;

std::string graph() {
    const Value x(2), y(3);
    const Value v = x * y + x, loss = v * v;
    exercise::backward(loss);
    const std::vector<Node*> order = exercise::ordered(loss);
    std::map<const Node*, std::size_t> number;
    std::string csv = "node,name,value,gradient,first input,second input\n";
    for (const Node* node : order) {
        const std::string name = node == x.node.get() ? "x" : node == y.node.get() ? "y"
                                                                                   : node->name;
        number.emplace(node, number.size());
        csv += fmt::format("{},{},{},{}", number[node], name, node->value, node->gradient);
        for (const auto& input : node->inputs) csv += fmt::format(",{}", number[input.get()]);
        csv += node->inputs.empty() ? ",,\n" : "\n";
    }
    return csv;
}

std::string boundary() {
    const std::vector<double> weights = exercise::fit_boundary(half_moons(), first_weights(8), 0.3, 600);
    const std::vector<Value> leaves(weights.begin(), weights.end());
    const auto row = [&](double x, double y, double side) {
        return fmt::format("{:.3f},{:.3f},{:.3f},{}\n", x, y, exercise::score(leaves, x, y).value(), side);
    };
    std::string csv = "x,y,score,side\n";
    for (const exercise::Point& point : half_moons()) csv += row(point.x, point.y, point.side);
    for (int i = -30; i <= 30; ++i)
        for (int j = -24; j <= 24; ++j) csv += row(i / 15.0, j / 15.0, 0);
    return csv;
}

}  // namespace

std::string shown(const std::string& name) { return name == "graph" ? graph() : boundary(); }

}  // namespace cairn::course
