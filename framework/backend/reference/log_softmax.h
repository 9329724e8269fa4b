// log_softmax_row: what softmax, log_softmax and the cross-entropy have in common, in double, for a row of C logits:
//   log_softmax(x)[c] = x[c] - max - log(sum over k of exp(x[k] - max))
// Taking off the maximum changes nothing, and keeps exp from overflowing: its largest argument is 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cairn {

template <typename T>
std::vector<double> log_softmax_row(const T* x, std::int64_t C) {
    const double max = *std::max_element(x, x + C);
    double sum = 0;
    for (std::int64_t c = 0; c < C; ++c) sum += std::exp(x[c] - max);

    std::vector<double> y;
    for (std::int64_t c = 0; c < C; ++c) y.push_back(x[c] - max - std::log(sum));
    return y;
}

}  // namespace cairn
