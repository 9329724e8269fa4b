// Another right answer: closures that hold their operands, an order by counting uses (Kahn), a loss by its own helper.
#include "chapters/01-scalars/exercise.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace exercise {

namespace {

Value of_one(const char* name, const Value& x, double value, double slope) {
    auto node = std::make_shared<Node>();
    node->name = name;
    node->value = value;
    node->inputs.push_back(x.node);
    node->push = [to = x.node.get(), slope](const Node& self) { to->gradient += slope * self.gradient; };
    return Value(node);
}

Value of_two(const char* name, const Value& a, const Value& b, double value, double to_a, double to_b) {
    auto node = std::make_shared<Node>();
    node->name = name;
    node->value = value;
    node->inputs = {a.node, b.node};
    node->push = [=, p = a.node.get(), q = b.node.get()](const Node& self) {
        p->gradient = p->gradient + to_a * self.gradient;
        q->gradient = q->gradient + to_b * self.gradient;
    };
    return Value(node);
}

}  // namespace

Value operator+(const Value& a, const Value& b) { return of_two("+", a, b, b.value() + a.value(), 1, 1); }
Value operator*(const Value& a, const Value& b) {
    return of_two("*", a, b, b.value() * a.value(), b.value(), a.value());
}
Value exp(const Value& x) {
    const double e = std::exp(x.value());
    return of_one("exp", x, e, e);
}
Value tanh(const Value& x) {
    const double c = std::cosh(x.value());
    return of_one("tanh", x, std::tanh(x.value()), 1 / (c * c));
}
Value relu(const Value& x) { return of_one("relu", x, std::max(0.0, x.value()), x.value() > 0 ? 1 : 0); }

std::vector<Node*> ordered(const Value& root) {
    std::map<Node*, int> users{{root.node.get(), 0}};
    std::vector<Node*> found{root.node.get()};
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const auto& input : std::vector(found[i]->inputs))
            if (users[input.get()]++ == 0) found.push_back(input.get());
    std::vector<Node*> order, ready{root.node.get()};
    while (!ready.empty()) {
        Node* const node = ready.back();
        ready.pop_back();
        order.push_back(node);
        for (const auto& input : node->inputs)
            if (--users[input.get()] == 0) ready.push_back(input.get());
    }
    std::reverse(order.begin(), order.end());
    return order;
}

void backward(const Value& root) {
    std::vector<Node*> order = ordered(root);
    std::reverse(order.begin(), order.end());
    for (Node* node : order) node->gradient = node == root.node.get() ? 1 : 0;
    for (Node* node : order)
        if (!node->inputs.empty()) node->push(*node);
}

Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps) {
    Value a = 0, b = 0;
    for (; steps > 0; --steps) {
        Value loss = 0;
        for (std::size_t i = x.size(); i-- > 0;) {
            const Value miss = Value(y[i]) + Value(-1) * tanh(b + Value(x[i]) * a);
            loss = miss * miss + loss;
        }
        backward(loss);
        a.node->value -= rate * a.gradient();
        b.node->value -= rate * b.gradient();
    }
    return {a.value(), b.value()};
}

Value score(const std::vector<Value>& weights, double x, double y) {
    std::vector<Value> terms;
    for (std::size_t h = 0; h < weights.size() / 4; ++h) {
        const Value* w = &weights[4 * h];
        terms.push_back(tanh(w[2] + Value(x) * w[0] + Value(y) * w[1]) * w[3]);
    }
    Value sum = 0;
    for (const Value& term : terms) sum = term + sum;
    return sum + weights.back();
}

std::vector<double> fit_boundary(const std::vector<Point>& points, std::vector<double> start, double rate, int steps) {
    std::vector<Value> weights;
    for (const double w : start) weights.emplace_back(w);
    const double share = 1 / static_cast<double>(points.size());
    for (int step = 0; step < steps; ++step) {
        Value loss = 0;
        for (const Point& p : points) {
            const Value margin = Value(p.side) * score(weights, p.x, p.y);
            loss = loss + Value(share) * relu(Value(1) + Value(-1) * margin);
        }
        backward(loss);
        for (Value& w : weights) w.node->value -= rate * w.gradient();
    }
    for (std::size_t i = 0; i < start.size(); ++i) start[i] = weights[i].value();
    return start;
}

}  // namespace exercise
