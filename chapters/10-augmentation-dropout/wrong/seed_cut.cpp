// part: draw
// only the lower 32 bits of the seed are used.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Change draw(std::uint64_t seed, std::uint32_t epoch, std::uint32_t image, long shift) {
    const auto scaled = [](std::uint32_t bits, long choices) {
        return static_cast<long>(bits * static_cast<std::uint64_t>(choices) >> 32);
    };
    const auto bits = random_block({.seed = static_cast<std::uint32_t>(seed), .stream = 0, .step = epoch}, image);
    const long choices = 2 * shift + 1;
    return {bits[0] >> 31 != 0, scaled(bits[1], choices) - shift, scaled(bits[2], choices) - shift};
}

}  // namespace exercise
