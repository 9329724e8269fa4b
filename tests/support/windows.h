// Keras' padding along one axis, for tests that call kernels without the ops above them.
#pragma once

#include <algorithm>
#include <cstdint>

namespace cairn::test {

struct Axis {
    std::int64_t outputs;
    std::int64_t before;  // padding above or left of the image
};

// valid: the window stays inside: (n - k) / s + 1 outputs.
// same: ceil(n / s) outputs, and just enough padding for them; the odd one comes after the image.
inline Axis slide(std::int64_t n, std::int64_t k, std::int64_t s, bool same) {
    if (!same) return {(n - k) / s + 1, 0};
    const std::int64_t outputs = (n + s - 1) / s;
    return {outputs, std::max<std::int64_t>((outputs - 1) * s + k - n, 0) / 2};
}

}  // namespace cairn::test
