// part: batch
// images are moved, and none is mirrored.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array batch(const Array& data, const std::vector<std::uint32_t>& index, std::uint64_t seed, std::uint32_t epoch, long shift,
            bool training) {
    const Sizes shape(data.shape.begin() + 1, data.shape.end());
    const auto size = static_cast<std::ptrdiff_t>(cairn::course::count_of(shape));
    Array all({index.size(), shape[0], shape[1], shape[2]}, std::vector<double>{});
    for (std::uint32_t k = 0; k < index.size(); ++k) {
        const auto first = data.values.begin() + index[k] * size;
        Array image(shape, std::vector<double>(first, first + size));
        if (training) {
            const Change change = draw(seed, epoch, index[k], shift);
            image = move(image, change.down, change.right);
        }
        all.values.insert(all.values.end(), image.values.begin(), image.values.end());
    }
    return all;
}

}  // namespace exercise
