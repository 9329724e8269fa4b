#include "cairn/data/dataset.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <cmath>

namespace cairn::data {

io::Image Dataset::picture(std::int64_t i) const {
    io::Image shown{image_shape[0], image_shape[1], {}};
    const std::span<const std::uint8_t> pixels = image(i);
    if (image_shape[2] == 3) shown.pixels.assign(pixels.begin(), pixels.end());
    else
        for (const std::uint8_t value : pixels) shown.pixels.insert(shown.pixels.end(), 3, value);
    return shown;
}

void append_picture(Dataset& dataset, const io::Image& picture) {
    const Shape& shape = dataset.image_shape;
    invariant(picture.height == shape[0] && picture.width == shape[1] && (shape[2] == 1 || shape[2] == 3),
              "a picture of {} x {} pixels among images {}", picture.height, picture.width, shape);
    if (shape[2] == 3) dataset.images.insert(dataset.images.end(), picture.pixels.begin(), picture.pixels.end());
    else
        for (std::size_t i = 0; i < picture.pixels.size(); i += 3) {
            const double brightness =
                0.299 * picture.pixels[i] + 0.587 * picture.pixels[i + 1] + 0.114 * picture.pixels[i + 2];
            dataset.images.push_back(static_cast<std::uint8_t>(std::lround(brightness)));
        }
}

Dataset Dataset::first(std::int64_t n) const {
    const std::int64_t count = std::clamp<std::int64_t>(n, 0, size());
    return {name,
            classes,
            image_shape,
            {images.begin(), images.begin() + count * image_bytes()},
            {labels.begin(), labels.begin() + count},
            {index.begin(), index.begin() + (index.empty() ? 0 : count)}};
}

}  // namespace cairn::data
