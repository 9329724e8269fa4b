// part: steps_until
// the number is rounded down: after so many steps the share is not yet below what was asked for.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

long steps_until(double momentum, double share) {
    return static_cast<long>(std::floor(std::log(share) / std::log(momentum) + 1e-9));
}

}  // namespace exercise
