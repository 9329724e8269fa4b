// Chapter 1: what you write in exercise.cpp. Formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace exercise {

using cairn::course::not_written_yet;

// One number of a computation, and what it was computed from. A number of which others were computed must live as long as
// they do: so they hold it by shared_ptr.
struct Node {
    double value = 0;
    double gradient = 0;                           // dL/d(value), after backward()
    std::vector<std::shared_ptr<Node>> inputs{};   // none: a number that was given, a leaf
    std::function<void(const Node& self)> push{};  // adds to the inputs' gradients what follows from self.gradient; a leaf has none
    const char* name = "";                         // "+", "*", "exp", "tanh", "relu"; for pictures

    static inline long alive = 0;  // how many there are; the grader looks at it
    Node() { ++alive; }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    // Lets go of a chain of 100,000 nodes by a loop. What the compiler would write lets go of the inputs, whose destructor lets
    // go of theirs, and so on: 100,000 calls deep, and the stack is full.
    ~Node() {
        push = nullptr;
        std::vector<std::shared_ptr<Node>> last = std::move(inputs);
        while (!last.empty()) {
            const std::shared_ptr<Node> node = std::move(last.back());
            last.pop_back();
            if (node.use_count() > 1) continue;
            node->push = nullptr;
            for (std::shared_ptr<Node>& input : node->inputs) last.push_back(std::move(input));
            node->inputs.clear();
        }
        --alive;
    }
};

// What you compute with. A copy of a Value is the same number, not another one of the same size.
struct Value {
    std::shared_ptr<Node> node;

    Value(double value) : node(std::make_shared<Node>()) { node->value = value; }  // NOLINT: 2 * x should work
    explicit Value(std::shared_ptr<Node> made) : node(std::move(made)) {}

    double value() const { return node->value; }
    double gradient() const { return node->gradient; }
};

// A new node each. `push` belongs to `backward` and the parts behind it; until then it may stay empty.
Value operator+(const Value& a, const Value& b);
Value operator*(const Value& a, const Value& b);
Value exp(const Value& x);
Value tanh(const Value& x);
Value relu(const Value& x);  // its derivative at 0 is 0

// All nodes that `root` was computed from, and it: each once, each after its inputs. `root` comes last.
std::vector<Node*> ordered(const Value& root);

// Sets the gradient of every node that `root` was computed from to d(root)/d(node), whatever it was before.
void backward(const Value& root);

// y = tanh(a x + b), fitted to points (x[i], y[i]) by gradient descent: a and b begin at 0, and in each of `steps` steps
//   L = sum over i of (tanh(a x[i] + b) - y[i])^2        a -= rate dL/da        b -= rate dL/db
struct Line {
    double a = 0, b = 0;
};
Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps);

// A point of the plane, and its side: +1 or -1.
struct Point {
    double x = 0, y = 0, side = 1;
};

// A small network: s = c + sum over h of v_h tanh(p_h x + q_h y + r_h). The weights are, unit after unit, p, q, r, v, and last
// c: 4 H + 1 of them.
Value score(const std::vector<Value>& weights, double x, double y);

// `steps` steps of gradient descent on L = (1 / N) sum over the N points of relu(1 - side * s), from these weights.
std::vector<double> fit_boundary(const std::vector<Point>& points, std::vector<double> weights, double rate, int steps);

}  // namespace exercise
