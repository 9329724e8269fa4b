// part: last_five
// only the last epoch is taken, which is one moment of a curve that swings.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double last_five(const std::vector<double>& values) {
    return values.back();
}

}  // namespace exercise
