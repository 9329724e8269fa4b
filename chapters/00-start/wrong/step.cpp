// part: relu
// 1 stands for every positive number: that is the derivative of relu.
#include "chapters/00-start/exercise.h"

namespace exercise {

double relu(double x) { return x > 0 ? 1 : 0; }

}  // namespace exercise
