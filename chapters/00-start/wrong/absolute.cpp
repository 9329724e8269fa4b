// part: relu
// the sign is dropped: that is |x|.
#include "chapters/00-start/exercise.h"

namespace exercise {

double relu(double x) { return x < 0 ? -x : x; }

}  // namespace exercise
