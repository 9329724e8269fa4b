// The parts of chapter 4 that train a model.
#pragma once

#include "cairn/course/grading.h"
#include "chapters/04-training-loop/grade_models.h"

namespace cairn::course {

void train_epoch(Trial& t);
void evaluate(Trial& t);
void starts_right(Trial& t);
void learns_twenty(Trial& t);
void find_rate(Trial& t);

}  // namespace cairn::course
