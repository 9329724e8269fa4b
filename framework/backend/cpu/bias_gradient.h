// dbias[o] = sum of dz[.,o] over all pixels: first over a row of pixels in T, which makes vectors of T, then in double.
#pragma once

#include "cairn/backend/cpu/scratch.h"

#include <algorithm>

namespace cairn::cpu {

template <typename T>
class BiasGradient {
public:
    // dbias: nullptr where it is not wanted. dz has `channels`, dbias may have fewer.
    BiasGradient(T* dbias, std::int64_t channels, std::int64_t threads, Allocator& allocator)
        : dbias_(dbias), channels_(channels) {
        if (!dbias) return;
        row_sums_ = scratch<T>({threads, channels}, allocator);
        sums_ = scratch<double>({threads, channels}, allocator);
    }

    void start(int thread) const {
        if (dbias_) std::fill_n(part_of<double>(sums_, thread), channels_, 0.0);
    }

    // A row of pixels, `stride` numbers from one to the next.
    void add(const T* __restrict dz, std::int64_t pixels, std::int64_t stride, int thread) const {
        const std::int64_t O = channels_;
        T* __restrict row_sum = part_of<T>(row_sums_, thread);
        double* __restrict sum = part_of<double>(sums_, thread);
        std::fill_n(row_sum, O, T(0));
        for (std::int64_t j = 0; j < pixels; ++j, dz += stride)
            for (std::int64_t o = 0; o < O; ++o) row_sum[o] += dz[o];
        for (std::int64_t o = 0; o < O; ++o) sum[o] += row_sum[o];
    }

    // dbias (O) = the sum of the threads' sums, in their order.
    void finish(std::int64_t O) const {
        if (dbias_) sum_parts(sums_.data<double>(), sums_.dim(0), 1, channels_, dbias_, O);
    }

private:
    T* dbias_;
    std::int64_t channels_;
    Tensor row_sums_, sums_;
};

}  // namespace cairn::cpu
