// part: leaked
// the shorter of two images is compared with the beginning of the longer one: their lengths differ, and nobody looked.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < test.size(); ++i)
        for (std::size_t j = 0; j < train.size(); ++j)
            if (std::equal(train[j].begin(), train[j].end(), test[i].begin())) found.push_back(i);
    return found;
}

}  // namespace exercise
