// part: relu
// negative numbers come through.
#include "chapters/00-start/exercise.h"

namespace exercise {

double relu(double x) { return x; }

}  // namespace exercise
