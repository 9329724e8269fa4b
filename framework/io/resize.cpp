#include "cairn/io/resize.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <cmath>

namespace cairn::io {

namespace {

// A new pixel of one axis: sum over k of weights[k] * old[first + k].
struct Mix {
    std::int64_t first = 0;
    std::vector<double> weights;
};

std::vector<Mix> mixes(std::int64_t old_size, std::int64_t new_size) {
    const double s = static_cast<double>(old_size) / static_cast<double>(new_size);
    std::vector<Mix> result(static_cast<std::size_t>(new_size));
    for (std::int64_t i = 0; i < new_size; ++i) {
        Mix& mix = result[static_cast<std::size_t>(i)];
        const double at = static_cast<double>(i);
        if (s > 1) {
            const double begin = at * s, end = std::min((at + 1) * s, static_cast<double>(old_size));
            mix.first = static_cast<std::int64_t>(begin);
            for (double j = std::floor(begin); j < end; ++j)
                mix.weights.push_back((std::min(end, j + 1) - std::max(begin, j)) / s);
        } else {
            const double x = std::clamp((at + 0.5) * s - 0.5, 0.0, static_cast<double>(old_size - 1));
            mix.first = static_cast<std::int64_t>(x);
            const double f = x - std::floor(x);
            mix.weights.push_back(1 - f);
            if (f > 0) mix.weights.push_back(f);
        }
    }
    return result;
}

}  // namespace

Image crop_to_aspect_ratio(const Image& image, std::int64_t height, std::int64_t width) {
    check(std::min({image.height, image.width, height, width}) >= 1,
          "an image of {} x {} cannot be cut to the proportions of {} x {}; all sizes must be at least 1", image.height,
          image.width, height, width);
    Image part{.height = std::clamp<std::int64_t>(image.width * height / width, 1, image.height),
               .width = std::clamp<std::int64_t>(image.height * width / height, 1, image.width),
               .pixels = {}};
    const std::int64_t top = (image.height - part.height) / 2, left = (image.width - part.width) / 2;
    part.pixels.reserve(static_cast<std::size_t>(3 * part.height * part.width));
    for (std::int64_t y = top; y < top + part.height; ++y) {
        const auto row = image.pixels.begin() + 3 * (y * image.width + left);
        part.pixels.insert(part.pixels.end(), row, row + 3 * part.width);
    }
    return part;
}

Image resize(const Image& image, std::int64_t height, std::int64_t width) {
    check(std::min({image.height, image.width, height, width}) >= 1,
          "resize: an image of {} x {} cannot become {} x {}; all sizes must be at least 1", image.height, image.width,
          height, width);
    const std::vector<Mix> rows = mixes(image.height, height), columns = mixes(image.width, width);
    const auto row_values = static_cast<std::size_t>(3 * image.width);

    Image result{.height = height, .width = width, .pixels = {}};
    result.pixels.reserve(static_cast<std::size_t>(3 * height * width));
    std::vector<double> mixed(row_values);  // one new row that still has the old width
    for (const Mix& row : rows) {
        std::fill(mixed.begin(), mixed.end(), 0.0);
        const std::uint8_t* old = image.pixels.data() + static_cast<std::size_t>(row.first) * row_values;
        for (const double weight : row.weights) {
            for (std::size_t j = 0; j < row_values; ++j) mixed[j] += weight * old[j];
            old += row_values;
        }
        for (const Mix& column : columns)
            for (std::size_t c = 0; c < 3; ++c) {
                double value = 0;
                for (std::size_t k = 0; k < column.weights.size(); ++k)
                    value += column.weights[k] * mixed[3 * (static_cast<std::size_t>(column.first) + k) + c];
                result.pixels.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))));
            }
    }
    return result;
}

}  // namespace cairn::io
