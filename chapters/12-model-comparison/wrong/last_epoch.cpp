// part: test_of_best_epoch
// the last epoch is reported; no epoch is chosen.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double test_of_best_epoch(const std::vector<double>& validation, const std::vector<double>& test) {
    return test.back();
}

}  // namespace exercise
