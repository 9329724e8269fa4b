// The parts of chapter 14's grading that have a file of their own.
#pragma once

#include "cairn/core/error.h"
#include "cairn/course/grading.h"
#include "chapters/14-capstone/grade_mutants.h"

namespace cairn::course {

// grade_op.cpp
void shader(Trial& t);
void shaders_backward(Trial& t);
void op(Trial& t);

// grade_tests.cpp
void tests(Trial& t);

}  // namespace cairn::course
