// part: steps_until
// every step is thought to take the same 1 − momentum away from the whole; it takes that part of what is left.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

long steps_until(double momentum, double share) {
    long steps = 0;
    for (double left = 1; left >= share; left -= 1 - momentum) ++steps;
    return steps;
}

}  // namespace exercise
