// part: multiply_add
// b and c are multiplied: a + b * c.
#include "chapters/00-start/exercise.h"

namespace exercise {

double multiply_add(double a, double b, double c) { return a + b * c; }

}  // namespace exercise
