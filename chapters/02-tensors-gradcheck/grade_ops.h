// Ops that the student's gradcheck is judged on.
#pragma once

#include "chapters/02-tensors-gradcheck/exercise.h"

#include <string>
#include <vector>

namespace cairn::course {

struct JudgedOp {
    std::string name;
    exercise::Op op;
    Array x;
    bool right = true;
    std::string about;  // what is wrong with its gradient, or why a right one is refused by mistake
};

std::vector<JudgedOp> judged_ops();

}  // namespace cairn::course
