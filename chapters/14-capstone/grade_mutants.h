// Implementations of rms_norm that the student's tests are judged on: some right ones, and the wrong ones, the mutants.
#pragma once

#include "chapters/14-capstone/exercise.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::course {

struct Judged {
    std::string name, about;  // about: what is wrong with it, or why a right one may be refused by mistake
    exercise::Implementation op;
    bool right = false;
};

// The pieces that the formulas are made of, so that a mutant is the right op with one piece exchanged.
struct Pieces {
    // Of row `row` of x (M, C): the square root of (mean of squares + epsilon).
    std::function<double(const Array& x, std::size_t row, std::size_t columns, double epsilon)> root;
    std::function<double(double x, double gain, double root)> y;
    std::function<std::size_t(std::size_t row, std::size_t column, std::size_t columns)> gain_of;  // the index of the gain

    // dx = direct - correction: the term of each element by itself, and the one by way of the root, where `dot` is the sum of
    // dot_term over the row.
    std::function<double(double gain, double dy, double root)> direct;
    std::function<double(double gain, double dy, double x, double root)> dot_term;
    std::function<double(double x, double dot, std::size_t columns, double root)> correction;
    std::function<double(double dy, double x, double gain, double root)> dgain_term;  // is summed over the rows
};

Pieces right_pieces();
double right_root(const Array& x, std::size_t row, std::size_t columns, double epsilon);

// The op that is made of the pieces, with the checks that README.md asks for.
exercise::Implementation made_of(const Pieces& pieces);
exercise::Implementation right_op();
void check_arguments(const Array& x, const Array& gain, double epsilon);
void check_cotangent(const Array& x, const Array& dy);

std::vector<Judged> right_implementations();
std::vector<Judged> forward_mutants();
std::vector<Judged> backward_mutants();
std::vector<Judged> contract_mutants();  // of shapes, messages, and what is left unchanged

}  // namespace cairn::course
