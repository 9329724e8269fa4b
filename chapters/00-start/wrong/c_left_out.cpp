// part: multiply_add
// c is left out: a * b.
#include "chapters/00-start/exercise.h"

namespace exercise {

double multiply_add(double a, double b, double) { return a * b; }

}  // namespace exercise
