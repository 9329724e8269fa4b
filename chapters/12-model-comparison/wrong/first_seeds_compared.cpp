// part: chance
// only the first seed of each is compared: a claim from one seed.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double chance(const std::vector<double>& a, const std::vector<double>& b) { return a[0] > b[0] ? 0.5 : 1; }

}  // namespace exercise
