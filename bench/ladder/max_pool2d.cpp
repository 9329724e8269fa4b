#include "cairn/core/parallel.h"
#include "ladder/rungs.h"

#include <limits>

namespace cairn::bench {

void max_pool2d_by_output(const Tensor& x, const Window& w, const Tensor& y, const Tensor& argmax) {
    const std::int64_t H = x.dim(1), W = x.dim(2), C = x.dim(3), OH = y.dim(1), OW = y.dim(2);
    const float* from = x.data<float>();
    float* to = y.data<float>();
    std::int32_t* winners = argmax.data<std::int32_t>();
    const auto pool = [=](std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t c) {
        float largest = -std::numeric_limits<float>::infinity();
        std::int64_t winner = 0;
        for (std::int64_t a = 0; a < w.window_h; ++a)
            for (std::int64_t b = 0; b < w.window_w; ++b) {
                const std::int64_t u = i * w.stride_h - w.pad_top + a, v = j * w.stride_w - w.pad_left + b;
                if (u < 0 || u >= H || v < 0 || v >= W) continue;
                const float value = from[((n * H + u) * W + v) * C + c];
                if (is_larger(value, largest)) {
                    largest = value;
                    winner = a * w.window_w + b;
                }
            }
        const std::int64_t out = ((n * OH + i) * OW + j) * C + c;
        to[out] = largest;
        winners[out] = static_cast<std::int32_t>(winner);
    };
    parallel_for(x.dim(0), 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t n = begin; n < end; ++n)
            for (std::int64_t i = 0; i < OH; ++i)
                for (std::int64_t j = 0; j < OW; ++j)
                    for (std::int64_t c = 0; c < C; ++c) pool(n, i, j, c);
    });
}

}  // namespace cairn::bench
