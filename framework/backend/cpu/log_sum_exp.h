// What softmax and the cross-entropy share: log(sum over c of exp(x[c])) of a row without overflow,
//   max + log(sum over c of exp(x[c] - max)),
// in double. Then softmax(x)[c] = exp(x[c] - log_sum_exp) and log_softmax(x)[c] = x[c] - log_sum_exp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace cairn::cpu {

// What vectors left in the upper halves of the registers makes the library's exp(), compiled for every x86-64 processor, wait at
// each instruction. To be called before a loop of them.
inline void forget_vectors() {
#if defined(__AVX__)
    __builtin_ia32_vzeroupper();
#endif
}

// The two parts stay apart: x[c] - max is exact for nearby numbers however large both are.
struct LogSumExp {
    template <typename T>
    LogSumExp(const T* x, std::int64_t C) : max(*std::max_element(x, x + C)) {
        double sum = 0;
        for (std::int64_t c = 0; c < C; ++c) sum += std::exp(static_cast<double>(x[c]) - max);
        log_sum = std::log(sum);
    }

    template <typename T>
    double log_softmax(T x) const {
        return static_cast<double>(x) - max - log_sum;
    }

    double max, log_sum;
};

}  // namespace cairn::cpu
