// part: culprit
// forward is named: it is right, and so is the loss of the first step. What is wrong comes behind it.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

Culprit culprit() { return {"batch_norm", "forward"}; }

}  // namespace exercise
