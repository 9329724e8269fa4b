// Chapter 0: the functions of exercise.cpp, with what they should compute.
#pragma once

#include "cairn/course/exercise.h"

#include <vector>

namespace exercise {

using cairn::course::not_written_yet;

// a * b + c
double multiply_add(double a, double b, double c);

// The sum of x divided by the number of its elements; x has at least one.
double mean(const std::vector<double>& x);

// max(x, 0): what a network puts behind most of its layers.
double relu(double x);

}  // namespace exercise
