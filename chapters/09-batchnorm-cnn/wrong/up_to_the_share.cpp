// part: steps_until
// the loop ends where the share is reached exactly; less than it is asked for.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

long steps_until(double momentum, double share) {
    long steps = 0;
    for (double left = 1; left > share; left *= momentum) ++steps;
    return steps;
}

}  // namespace exercise
