// resize: an image with another number of pixels, for a photo that is to be shown to a network for 32 x 32 images.
//
// Each axis by itself, with s = old size / new size. Pixel j covers [j, j + 1) of its axis.
//   smaller (s > 1)  area average:  new[i] = 1/s * sum over j of old[j] * length of [i s, (i + 1) s) within [j, j + 1)
//   larger  (s < 1)  bilinear:      x = (i + 1/2) s - 1/2, the new pixel's centre among the old pixels' centres;
//                                   new[i] = (1 - f) old[floor x] + f old[floor x + 1], f = x - floor x, edges repeated
// An axis that keeps its size is copied. The proportions are not kept: crop first where they matter.
#pragma once

#include "cairn/io/image.h"

namespace cairn::io {

// The largest part in the middle of the image that has the proportions of height x width, so that it can be resized to that
// without being stretched. As Keras's crop_to_aspect_ratio.
Image crop_to_aspect_ratio(const Image& image, std::int64_t height, std::int64_t width);

// Rounds once, at the end, to the nearest integer. Throws Error unless all sizes are at least 1.
Image resize(const Image& image, std::int64_t height, std::int64_t width);

}  // namespace cairn::io
