#include "cairn/data/dataset.h"

#include <algorithm>

namespace cairn::data {

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
