// part: leaked
// the indexes are those of the training images.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < test.size(); ++i)
        for (std::size_t j = 0; j < train.size(); ++j)
            if (train[j] == test[i]) found.push_back(j);
    return found;
}

}  // namespace exercise
