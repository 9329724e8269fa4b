// part: dropout
// the numbers go on from call to call, so that the mask hangs on which thread comes first.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y) {
    static std::size_t next = 0;
    for (std::size_t i = begin; i < end; ++i, next = (next + 1) % y.size()) {
        const double u = to_uniform(random_block(key, static_cast<std::uint32_t>(next / 4))[next % 4]);
        y[i] = u >= rate ? x[i] / (1 - rate) : 0;
    }
}

}  // namespace exercise
