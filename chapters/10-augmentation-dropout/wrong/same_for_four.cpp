// part: dropout
// the first number of a block decides over four elements.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y) {
    for (std::size_t i = begin; i < end; ++i) {
        const double u = to_uniform(random_block(key, static_cast<std::uint32_t>(i / 4))[0]);
        y[i] = u >= rate ? x[i] / (1 - rate) : 0;
    }
}

}  // namespace exercise
