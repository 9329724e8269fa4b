// part: move
// the index is moved in the flat array, so that what leaves a row on the right begins the next one.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array move(const Array& image, long down, long right) {
    const long W = static_cast<long>(image.shape[1]), C = static_cast<long>(image.shape[2]);
    Array out(image.shape);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const long from = static_cast<long>(i) - (down * W + right) * C;
        if (from >= 0 && from < static_cast<long>(out.size())) out[i] = image[static_cast<std::size_t>(from)];
    }
    return out;
}

}  // namespace exercise
