// part: culprit
// the optimizer is named, where the numbers are seen to part last.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

Culprit culprit() { return {"adam", "update"}; }

}  // namespace exercise
