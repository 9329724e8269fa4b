// Augmentation: changes to the training images that leave the label true, drawn anew every time an image is seen, so
// that a model cannot learn the pixels by heart.
//
// With F = the image, mirrored left to right with probability 1/2 (if `flip`), and dy, dx uniform in -shift … shift:
//   out[y, x, c] = F[y - dy, x - dx, c]      and 0 (black) where that lies outside the image.
// This is a crop at a random place of the image with `shift` black pixels around it.
#pragma once

#include "cairn/core/random.h"
#include "cairn/core/shape.h"

#include <cstdint>

namespace cairn::data {

struct Augmentation {
    bool flip = false;
    std::int64_t shift = 0;  // pixels; 0: none

    bool operator==(const Augmentation&) const = default;
};

// Changes `count` images of image_shape (height, width, channels), which lie one after another, in place. Image i is
// changed by numbers 4 i … 4 i + 3 of the draw that `key` names, whatever the other images are. Throws Error for a
// shift that is negative or could move an image out of sight.
void augment(std::uint8_t* images, std::int64_t count, const Shape& image_shape, const Augmentation& how,
             const RandomKey& key);

}  // namespace cairn::data
