// part: tests
// nothing is tested: every implementation is accepted.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

bool accepts(const Implementation&) { return true; }

}  // namespace exercise
