// part: confusion_matrix
// the counts are divided by the number of images.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

Array confusion_matrix(const std::vector<std::size_t>& actual, const std::vector<std::size_t>& predicted, std::size_t classes) {
    Array counts({classes, classes});
    for (std::size_t i = 0; i < actual.size(); ++i) counts[actual[i] * classes + predicted[i]] += 1.0 / static_cast<double>(actual.size());
    return counts;
}

}  // namespace exercise
