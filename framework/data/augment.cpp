#include "cairn/data/augment.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <vector>

namespace cairn::data {

namespace {

struct Change {
    bool mirror = false;
    std::int64_t down = 0, right = 0;  // pixels
};

// What happens to image i. `bits` * choices / 2^32 is uniform in 0 … choices - 1 but for 2^-32 of probability per
// choice.
Change draw(const Augmentation& how, const RandomKey& key, std::int64_t i) {
    const std::array<std::uint32_t, 4> bits = random_block(key, static_cast<std::uint32_t>(i));
    const auto choices = static_cast<std::uint64_t>(2 * how.shift + 1);
    const auto offset = [&](std::uint32_t b) { return static_cast<std::int64_t>(b * choices >> 32) - how.shift; };
    return {how.flip && bits[0] >> 31 != 0, offset(bits[1]), offset(bits[2])};
}

// out[y, x] = F[y - down, x - right], F being `from` or its mirror image.
void apply(const Change& change, const Shape& shape, const std::uint8_t* from, std::uint8_t* out) {
    const std::int64_t height = shape[0], width = shape[1], channels = shape[2];
    std::fill_n(out, shape.size(), std::uint8_t{0});
    for (std::int64_t y = 0; y < height; ++y) {
        const std::int64_t from_y = y - change.down;
        if (from_y < 0 || from_y >= height) continue;
        for (std::int64_t x = 0; x < width; ++x) {
            const std::int64_t from_x = x - change.right;
            if (from_x < 0 || from_x >= width) continue;
            const std::int64_t column = change.mirror ? width - 1 - from_x : from_x;
            std::copy_n(from + (from_y * width + column) * channels, channels, out + (y * width + x) * channels);
        }
    }
}

}  // namespace

void augment(std::uint8_t* images, std::int64_t count, const Shape& image_shape, const Augmentation& how,
             const RandomKey& key) {
    invariant(image_shape.rank() == 3, "augment: images must be (height, width, channels), not {}", image_shape);
    const std::int64_t side = std::min(image_shape[0], image_shape[1]);
    check(how.shift >= 0 && how.shift < side, "images {} can be shifted by 0 to {} pixels, not {}", image_shape,
          side - 1, how.shift);
    if (!how.flip && how.shift == 0) return;

    // One thread: two microseconds for a 32x32 image are little beside a training step.
    std::vector<std::uint8_t> original(static_cast<std::size_t>(image_shape.size()));
    for (std::int64_t i = 0; i < count; ++i) {
        std::uint8_t* image = images + i * image_shape.size();
        std::copy_n(image, original.size(), original.data());
        apply(draw(how, key, i), image_shape, original.data(), image);
    }
}

}  // namespace cairn::data
