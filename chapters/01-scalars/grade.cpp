// The grading of chapter 1. Derivatives are found by dual numbers, the fits by their formulas written out.
#include "cairn/course/grading.h"
#include "chapters/01-scalars/grade_graphs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cairn::course {

namespace {

using exercise::Node;
using exercise::Value;

// A case, after which no node may be left.
void run(Trial& t, const std::string& name, const std::function<void()>& body) {
    t.run(name, [&] {
        const long before = Node::alive;
        body();
        t.require("nodes left", Node::alive == before, static_cast<double>(Node::alive - before),
                  fmt::format("{} nodes stayed when the last Value of the case had gone", Node::alive - before));
    });
}

void add_multiply(Trial& t) {
    for (const auto& [a, b] : std::vector<std::pair<double, double>>{{2, 3}, {-1.5, 4}, {0, 7}, {1e-3, -1e5}, {3, 3}})
        run(t, fmt::format("{:g} and {:g}", a, b), [&, a = a, b = b] {
            const Value x(a), y(b), sum = x + y, product = x * y;
            t.number("a + b", sum.value(), a + b);
            t.number("a * b", product.value(), a * b);
            t.number("a afterwards", x.value(), a);
            for (const Value* z : {&sum, &product}) {
                const bool named = z->node->inputs.size() == 2 && z->node->inputs[0] == x.node && z->node->inputs[1] == y.node;
                t.require(z == &sum ? "inputs of a + b" : "inputs of a * b", named, named ? 1 : 0,
                          "the node of the result should have the nodes of a and b as its inputs, in this order");
            }
        });
    run(t, "x * x + x", [&] {
        const Value x(5);
        t.number("value", (x * x + x).value(), 30);
    });
    run(t, "operands that went", [&] {
        const long before = Node::alive;
        auto a = std::make_unique<Value>(2), b = std::make_unique<Value>(3);
        const Value z = *a * *b + *a;
        a.reset();
        b.reset();
        t.require("nodes", Node::alive - before == 4, static_cast<double>(Node::alive - before),
                  "a number went although another one was computed from it: hold it by shared_ptr");
        t.number("value", z.value(), 8);
    });
}

void functions(Trial& t) {
    for (const double x : {0.0, 1.0, -1.0, 0.3, -2.5, 800.0, -800.0})
        run(t, fmt::format("x = {:g}", x), [&] {
            const Value leaf(x), y = exercise::tanh(leaf), z = exercise::relu(leaf);
            const bool small = x < 700;
            const Value e = exercise::exp(small ? leaf : Value(1));
            t.number("exp(x)", e.value(), std::exp(small ? x : 1));
            t.number("tanh(x)", y.value(), std::tanh(x));
            t.number("relu(x)", z.value(), x < 0 ? 0 : x);
            const bool named = y.node->inputs == std::vector{leaf.node} && z.node->inputs == std::vector{leaf.node};
            t.require("inputs", named, named ? 1 : 0, "the node of the result should have the node of x as its only input");
        });
}

void ordered(Trial& t) {
    for (Graph& graph : graphs())
        t.run(graph.name, [&] {
            const std::size_t expected = graph.nodes.size();
            Value root(graph.nodes.back());
            graph.nodes.clear();
            const std::vector<Node*> order = exercise::ordered(root);
            t.number("nodes", static_cast<double>(order.size()), static_cast<double>(expected));
            std::set<const Node*> seen;
            int early = 0, twice = 0;
            for (const Node* node : order) {
                for (const auto& input : node->inputs) early += seen.contains(input.get()) ? 0 : 1;
                twice += seen.insert(node).second ? 0 : 1;
            }
            t.require("each once", twice == 0, twice, fmt::format("{} nodes come more than once", twice));
            t.require("inputs first", early == 0, early, fmt::format("{} times a node comes before one of its inputs", early));
            const bool last = !order.empty() && order.back() == root.node.get();
            t.require("root last", last, last ? 1 : 0, "the root is not the last one");
        });
}

// The gradients of f(x, y) by your graph, against those by dual numbers.
template <typename F>
void differentiate(Trial& t, const std::string& name, double x, double y, const F& f) {
    run(t, fmt::format("{} at ({:g}, {:g})", name, x, y), [&] {
        const Value a(x), b(y), z = f(a, b);
        exercise::backward(z);
        t.number("dL/dx", a.gradient(), f(Dual(x, 1), Dual(y)).slope);
        t.number("dL/dy", b.gradient(), f(Dual(x), Dual(y, 1)).slope);
    });
}

void one_by_one(Trial& t) {
    for (const auto& [x, y] : std::vector<std::pair<double, double>>{{0.5, -1.25}, {-0.75, 2}, {1.5, 0.25}}) {
        differentiate(t, "x + y * 0.5", x, y, [](auto a, auto b) { return a + b * 0.5; });
        differentiate(t, "x * y + y", x, y, [](auto a, auto b) { return a * b + b; });
        differentiate(t, "-2 exp(x) + y", x, y, [](auto a, auto b) { return exp(a) * -2 + b; });
        differentiate(t, "3 tanh(x) + y", x, y, [](auto a, auto b) { return tanh(a) * 3 + b; });
        differentiate(t, "-3 relu(x) + 2 relu(y)", x, y, [](auto a, auto b) { return relu(a) * -3 + relu(b) * 2; });
    }
    differentiate(t, "relu(x) + y * y", 0, 3, [](auto a, auto b) { return relu(a) + b * b; });
}

void used_twice(Trial& t) {
    differentiate(t, "x * x + y + y", 3, 2, [](auto a, auto b) { return a * a + b + b; });
    differentiate(t, "exp(x) + exp(x) y", 0.5, 2, [](auto a, auto b) { return exp(a) + exp(a) * b; });
    differentiate(t, "tanh(x) + relu(x) y + x", 0.5, 2, [](auto a, auto b) { return tanh(a) + relu(a) * b + a; });
    differentiate(t, "(x y + x)^2", 2, 3, [](auto a, auto b) {
        auto v = a * b + a;
        return v * v;
    });
    differentiate(t, "u + (u + u x) with u = x y", 2, 3, [](auto a, auto b) {
        auto u = a * b;
        return u + (u + u * a);
    });
    differentiate(t, "((x + y) w) + w + x with w = tanh(x + y)", 0.25, -0.5, [](auto a, auto b) {
        auto s = a + b;
        auto w = tanh(s);
        return s * w + w + a;
    });
    differentiate(t, "eight layers of tanh(h x + h)", 0.9, 0.4, [](auto a, auto b) {
        auto h = b;
        for (int i = 0; i < 8; ++i) h = tanh(h * a + h);
        return h * h;
    });
}

void more_than_once(Trial& t) {
    run(t, "backward twice", [&] {
        const Value x(2), y(3), u = x * y, z = u * u;
        exercise::backward(z);
        exercise::backward(z);
        t.number("dL/dx", x.gradient(), 36);
        t.number("dL/du", u.gradient(), 12);
    });
    run(t, "backward of u, then of u * u", [&] {
        const Value x(2), y(3), u = x * y, z = u * u;
        exercise::backward(u);
        exercise::backward(z);
        t.number("dL/dx", x.gradient(), 36);
        t.number("dL/du", u.gradient(), 12);
        t.number("dL/dL", z.gradient(), 1);
    });
}

void deep(Trial& t) {
    run(t, "60 doublings", [&] {
        const Value x(1);
        Value y = x;
        for (int i = 0; i < 60; ++i) y = y + y;
        exercise::backward(y);
        t.number("dL/dx", x.gradient(), std::pow(2.0, 60));
    });
    run(t, "a sum of 100,000", [&] {
        const Value x(0.5);
        Value y = x;
        for (int i = 1; i < 100'000; ++i) y = y + x;
        exercise::backward(y);
        t.number("dL/dx", x.gradient(), 100'000);
    });
}

void backward(Trial& t) {
    run(t, "operands that went", [&] {
        auto a = std::make_unique<Value>(2), b = std::make_unique<Value>(3);
        const Value x = *a, y = *b;
        auto product = std::make_unique<Value>(*a * *b);
        const Value z = exercise::tanh(*product * 0.25 + *a);
        a.reset();
        b.reset();
        product.reset();
        exercise::backward(z);
        const double slope = 1 - std::pow(std::tanh(3.5), 2);
        t.number("dL/dx", x.gradient(), slope * 1.75);
        t.number("dL/dy", y.gradient(), slope * 0.5);
    });
    one_by_one(t);
    used_twice(t);
    more_than_once(t);
    deep(t);
}

void fit_tanh(Trial& t) {
    for (const auto& [rate, steps] : std::vector<std::pair<double, int>>{{0.1, 1}, {0.05, 2}, {0.02, 10}, {0.05, 200}})
        run(t, fmt::format("8 points, {} steps at rate {:g}", steps, rate), [&, rate = rate, steps = steps] {
            const Array x = t.uniform({8}, -2, 2), noise = t.normal({8});
            std::vector<double> y(8);
            for (std::size_t i = 0; i < 8; ++i) y[i] = std::tanh(1.5 * x[i] - 0.5) + 0.05 * noise[i];
            double a = 0, b = 0;
            for (int step = 0; step < steps; ++step) {
                double da = 0, db = 0;
                for (std::size_t i = 0; i < 8; ++i) {
                    const double h = std::tanh(a * x[i] + b), slope = 2 * (h - y[i]) * (1 - h * h);
                    da += slope * x[i];
                    db += slope;
                }
                a -= rate * da, b -= rate * db;
            }
            const exercise::Line line = exercise::fit_tanh(x.values, y, rate, steps);
            t.number("a", line.a, a, {.relative = 1e-9});  // rounding grows from step to step
            t.number("b", line.b, b, {.relative = 1e-9});
        });
}

double network(const std::vector<double>& w, const exercise::Point& at) {
    double s = w.back();
    for (std::size_t h = 0; h + 1 < w.size(); h += 4) s += w[h + 3] * std::tanh(w[h] * at.x + w[h + 1] * at.y + w[h + 2]);
    return s;
}

void score(Trial& t) {
    for (const std::size_t units : {1u, 2u, 5u})
        run(t, fmt::format("{} hidden units", units), [&] {
            const Array w = t.normal({4 * units + 1});
            const std::vector<Value> leaves(w.values.begin(), w.values.end());
            for (const auto& [x, y] : std::vector<std::pair<double, double>>{{0.5, -1}, {-2, 0.25}, {0, 0}})
                t.number(fmt::format("s({:g}, {:g})", x, y), exercise::score(leaves, x, y).value(), network(w.values, {x, y}));
        });
}

void fit_boundary(Trial& t) {
    for (const auto& [count, steps] : std::vector<std::pair<std::size_t, int>>{{1, 1}, {3, 1}, {7, 4}, {40, 20}})
        run(t, fmt::format("{} points, {} steps", count, steps), [&, count = count, steps = steps] {
            std::vector<exercise::Point> points = half_moons();
            points.resize(count);
            const Array start = t.normal({13});
            std::vector<double> w = start.values;
            const double rate = 0.3;
            for (int step = 0; step < steps; ++step) {
                std::vector<double> d(w.size(), 0.0);
                for (const exercise::Point& p : points) {
                    if (1 - p.side * network(w, p) <= 0) continue;
                    const double ds = -p.side / static_cast<double>(count);
                    for (std::size_t h = 0; h + 1 < w.size(); h += 4) {
                        const double u = std::tanh(w[h] * p.x + w[h + 1] * p.y + w[h + 2]);
                        const double dz = ds * w[h + 3] * (1 - u * u);
                        d[h] += dz * p.x, d[h + 1] += dz * p.y, d[h + 2] += dz, d[h + 3] += ds * u;
                    }
                    d.back() += ds;
                }
                for (std::size_t i = 0; i < w.size(); ++i) w[i] -= rate * d[i];
            }
            t.check("weights", Array({w.size()}, exercise::fit_boundary(points, start.values, rate, steps)),
                    Array({w.size()}, w), {.relative = 1e-9});
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "add_multiply",
         .functions = {"operator+", "operator*"},
         .run = add_multiply,
         .hint = "Make a new node: its value, and the nodes of a and b as its inputs."},
        {.name = "functions",
         .functions = {"exp", "tanh", "relu"},
         .run = functions,
         .hint = "std::exp and std::tanh of x.value(), in a new node with one input."},
        {.name = "ordered",
         .functions = {"ordered"},
         .run = ordered,
         .hint = "A node is appended when all of its inputs have been; and each node is visited once.",
         .points = 2},
        {.name = "backward",
         .functions = {"backward"},
         .run = backward,
         .hint = "Gradients to 0, the root's to 1, then push() from the root to the leaves. push() adds, with +=.",
         .points = 3},
        {.name = "fit_tanh",
         .functions = {"fit_tanh"},
         .run = fit_tanh,
         .hint = "The loss is the sum over the points. Both gradients belong to the old a and b.",
         .points = 2},
        {.name = "score", .functions = {"score"}, .run = score, .hint = "Unit h has the weights 4h to 4h + 3; c is the last."},
        {.name = "fit_boundary",
         .functions = {"fit_boundary"},
         .run = fit_boundary,
         .hint = "relu(1 + -side * s), summed, times 1 / N.",
         .points = 2},
    }};
}

}  // namespace cairn::course
