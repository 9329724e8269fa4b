// part: steps_until
// the steps are counted until `share` has been forgotten, not until no more than it is left.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

long steps_until(double momentum, double share) {
    long steps = 0;
    for (double left = 1; left >= 1 - share; left *= momentum) ++steps;
    return steps;
}

}  // namespace exercise
