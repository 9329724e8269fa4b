// Chapter 1: one right answer.
#include "chapters/01-scalars/exercise.h"

#include <cmath>
#include <unordered_set>

namespace exercise {

namespace {

Value make(const char* name, double value, std::vector<std::shared_ptr<Node>> inputs,
           std::function<void(const Node&)> push) {
    Value made(value);
    made.node->name = name;
    made.node->inputs = std::move(inputs);
    made.node->push = std::move(push);
    return made;
}

}  // namespace

Value operator+(const Value& a, const Value& b) {
    return make("+", a.value() + b.value(), {a.node, b.node}, [](const Node& self) {
        self.inputs[0]->gradient += self.gradient;
        self.inputs[1]->gradient += self.gradient;
    });
}

Value operator*(const Value& a, const Value& b) {
    return make("*", a.value() * b.value(), {a.node, b.node}, [](const Node& self) {
        Node &left = *self.inputs[0], &right = *self.inputs[1];
        left.gradient += self.gradient * right.value;
        right.gradient += self.gradient * left.value;
    });
}

Value exp(const Value& x) {
    return make("exp", std::exp(x.value()), {x.node},
                [](const Node& self) { self.inputs[0]->gradient += self.gradient * self.value; });
}

Value tanh(const Value& x) {
    return make("tanh", std::tanh(x.value()), {x.node}, [](const Node& self) {
        self.inputs[0]->gradient += self.gradient * (1 - self.value * self.value);
    });
}

Value relu(const Value& x) {
    return make("relu", x.value() > 0 ? x.value() : 0, {x.node}, [](const Node& self) {
        if (self.value > 0) self.inputs[0]->gradient += self.gradient;
    });
}

std::vector<Node*> ordered(const Value& root) {
    struct Visit {
        Node* node;
        std::size_t next;  // input to look at
    };
    std::vector<Node*> order;
    std::unordered_set<Node*> seen{root.node.get()};
    std::vector<Visit> path{{root.node.get(), 0}};
    while (!path.empty()) {
        Visit& here = path.back();
        if (here.next == here.node->inputs.size()) {
            order.push_back(here.node);
            path.pop_back();
        } else if (Node* const input = here.node->inputs[here.next++].get(); seen.insert(input).second) {
            path.push_back({input, 0});
        }
    }
    return order;
}

void backward(const Value& root) {
    const std::vector<Node*> order = ordered(root);
    for (Node* const node : order) node->gradient = 0;
    root.node->gradient = 1;
    for (auto node = order.rbegin(); node != order.rend(); ++node)
        if ((*node)->push) (*node)->push(**node);
}

Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps) {
    Line line;
    for (int step = 0; step < steps; ++step) {
        const Value a(line.a), b(line.b);
        Value loss(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const Value error = tanh(a * x[i] + b) + -y[i];
            loss = loss + error * error;
        }
        backward(loss);
        line.a -= rate * a.gradient();
        line.b -= rate * b.gradient();
    }
    return line;
}

Value score(const std::vector<Value>& weights, double x, double y) {
    Value sum = weights.back();
    for (std::size_t h = 0; h + 4 < weights.size(); h += 4)
        sum = sum + weights[h + 3] * tanh(weights[h] * x + weights[h + 1] * y + weights[h + 2]);
    return sum;
}

std::vector<double> fit_boundary(const std::vector<Point>& points, std::vector<double> weights, double rate, int steps) {
    for (int step = 0; step < steps; ++step) {
        const std::vector<Value> leaves(weights.begin(), weights.end());
        Value sum(0);
        for (const Point& point : points) sum = sum + relu(1.0 + -point.side * score(leaves, point.x, point.y));
        const Value loss = sum * (1.0 / static_cast<double>(points.size()));
        backward(loss);
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] -= rate * leaves[i].gradient();
    }
    return weights;
}

}  // namespace exercise
