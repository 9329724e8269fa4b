// Chapter 1: scalars to a graph. Complete it from top to bottom; ./cairn grade 1 says which parts are right.
#include "chapters/01-scalars/exercise.h"

#include <cmath>

namespace exercise {

// ---- add, multiply -----------------------------------------------------------------------------------------------------

Value operator+(const Value& a, const Value& b) { not_written_yet(); }

Value operator*(const Value& a, const Value& b) { not_written_yet(); }

// ---- functions ---------------------------------------------------------------------------------------------------------

Value exp(const Value& x) { not_written_yet(); }

Value tanh(const Value& x) { not_written_yet(); }

Value relu(const Value& x) { not_written_yet(); }

// ---- ordered -----------------------------------------------------------------------------------------------------------

std::vector<Node*> ordered(const Value& root) { not_written_yet(); }

// ---- backward ----------------------------------------------------------------------------------------------------------
// Here `push` of the five operations above is needed too.

void backward(const Value& root) { not_written_yet(); }

// ---- fit_tanh ----------------------------------------------------------------------------------------------------------

Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps) { not_written_yet(); }

// ---- score -------------------------------------------------------------------------------------------------------------

Value score(const std::vector<Value>& weights, double x, double y) { not_written_yet(); }

// ---- fit_boundary ------------------------------------------------------------------------------------------------------

std::vector<double> fit_boundary(const std::vector<Point>& points, std::vector<double> weights, double rate, int steps) {
    not_written_yet();
}

}  // namespace exercise
