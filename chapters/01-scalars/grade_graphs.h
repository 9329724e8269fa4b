// Graphs for the grading of chapter 1, and the derivatives of an expression by dual numbers: a way that has no graph.
#pragma once

#include "chapters/01-scalars/exercise.h"

#include <cmath>
#include <string>
#include <vector>

namespace cairn::course {

// a + b ε with ε² = 0: b is the derivative by the variable that was seeded with ε.
struct Dual {
    double value = 0, slope = 0;
    Dual(double v, double s = 0) : value(v), slope(s) {}  // NOLINT: 2 * x should work
};
inline Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
inline Dual operator*(Dual a, Dual b) { return {a.value * b.value, a.slope * b.value + a.value * b.slope}; }
inline Dual exp(Dual x) { return {std::exp(x.value), std::exp(x.value) * x.slope}; }
inline Dual tanh(Dual x) {
    const double y = std::tanh(x.value);
    return {y, (1 - y * y) * x.slope};
}
inline Dual relu(Dual x) { return x.value > 0 ? x : Dual(0); }

// Nodes in the order in which they were made; the last one is the root.
struct Graph {
    std::string name;
    std::vector<std::shared_ptr<exercise::Node>> nodes;
};

// Graphs that the student's operations took no part in.
std::vector<Graph> graphs();

// Points of two half-moons that embrace each other, and the weights that a network of 8 units begins with.
std::vector<exercise::Point> half_moons();
std::vector<double> first_weights(std::size_t units);

}  // namespace cairn::course
