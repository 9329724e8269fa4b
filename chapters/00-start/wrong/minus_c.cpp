// part: multiply_add
// c is subtracted: a * b - c.
#include "chapters/00-start/exercise.h"

namespace exercise {

double multiply_add(double a, double b, double c) { return a * b - c; }

}  // namespace exercise
