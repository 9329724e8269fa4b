// part: leaked
// only the first bytes of two images are compared.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < test.size(); ++i)
        for (std::size_t j = 0; j < train.size(); ++j)
            if (std::equal(train[j].begin(), train[j].begin() + 8, test[i].begin())) found.push_back(i);
    return found;
}

}  // namespace exercise
