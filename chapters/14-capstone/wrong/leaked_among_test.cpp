// part: leaked
// an image that stands twice among the test images is counted, though no network was trained on it.
#include "chapters/14-capstone/exercise.h"

#include <algorithm>

namespace exercise {

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < test.size(); ++i)
        for (std::size_t j = 0; j < train.size(); ++j)
            if (train[j] == test[i]) found.push_back(i);
    for (std::size_t i = 0; i < test.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (test[j] == test[i] && std::ranges::find(found, i) == found.end()) found.push_back(i);
    std::ranges::sort(found);
    return found;
}

}  // namespace exercise
