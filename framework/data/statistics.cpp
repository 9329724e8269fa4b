#include "cairn/data/statistics.h"

#include <array>
#include <cmath>

namespace cairn::data {

// Bytes have only 256 values. Counting them first makes both sums short and exact:
//   mean = sum of v count(v) / n        variance = sum of (v - mean)^2 count(v) / n
Statistics statistics(const Dataset& dataset) {
    const auto channels = static_cast<std::size_t>(dataset.image_shape[-1]);
    Statistics result{.images = dataset.size(),
                      .per_class = std::vector<std::int64_t>(dataset.classes.size()),
                      .mean = std::vector<double>(channels),
                      .deviation = std::vector<double>(channels)};
    for (const std::int32_t label : dataset.labels) ++result.per_class[static_cast<std::size_t>(label)];

    std::vector<std::array<std::int64_t, 256>> counts(channels);
    for (std::size_t i = 0; i + channels <= dataset.images.size(); i += channels)
        for (std::size_t c = 0; c < channels; ++c) ++counts[c][dataset.images[i + c]];

    const double pixels = static_cast<double>(dataset.images.size()) / static_cast<double>(channels);
    if (pixels == 0) return result;
    for (std::size_t c = 0; c < channels; ++c) {
        double sum = 0, squares = 0;
        for (std::size_t v = 0; v < 256; ++v) sum += static_cast<double>(v) * static_cast<double>(counts[c][v]);
        const double mean = sum / pixels;
        for (std::size_t v = 0; v < 256; ++v)
            squares +=
                (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean) * static_cast<double>(counts[c][v]);
        result.mean[c] = mean / 255;
        result.deviation[c] = std::sqrt(squares / pixels) / 255;
    }
    return result;
}

}  // namespace cairn::data
