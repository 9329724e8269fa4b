#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/loops.h"

namespace cairn {

namespace {

constexpr int lanes = 32;  // blocks of random numbers that are computed together; 16 would be unrolled, not vectorized
constexpr int numbers = 4 * lanes;  // that many random numbers

// bits[4 * lane + w] = word w of random_block(key, first + lane): the rounds of core/random.cpp with a loop over the
// lanes inside, which becomes vector instructions.
void random_blocks(const RandomKey& key, std::uint32_t first, std::uint32_t* __restrict bits) {
    std::uint32_t c0[lanes], c1[lanes], c2[lanes], c3[lanes];
    for (int lane = 0; lane < lanes; ++lane) {
        c0[lane] = first + static_cast<std::uint32_t>(lane);
        c1[lane] = key.step;
        c2[lane] = key.stream;
        c3[lane] = 0;
    }
    std::uint32_t k0 = static_cast<std::uint32_t>(key.seed), k1 = static_cast<std::uint32_t>(key.seed >> 32);
    for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
        for (int lane = 0; lane < lanes; ++lane) {
            const std::uint64_t product0 = std::uint64_t{0xD2511F53} * c0[lane];
            const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * c2[lane];
            c0[lane] = static_cast<std::uint32_t>(product1 >> 32) ^ c1[lane] ^ k0;
            c1[lane] = static_cast<std::uint32_t>(product1);
            c2[lane] = static_cast<std::uint32_t>(product0 >> 32) ^ c3[lane] ^ k1;
            c3[lane] = static_cast<std::uint32_t>(product0);
        }
    }
    for (int lane = 0; lane < lanes; ++lane) {
        bits[4 * lane] = c0[lane];
        bits[4 * lane + 1] = c1[lane];
        bits[4 * lane + 2] = c2[lane];
        bits[4 * lane + 3] = c3[lane];
    }
}

}  // namespace

void CpuBackend::dropout(const Tensor& x, const RandomKey& key, std::uint32_t threshold, double scale,
                         const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        const T* in = x.data<T>();
        T* out = y.data<T>();
        const T factor = static_cast<T>(scale);
        const std::int64_t size = x.size();
        cpu::for_each_row((size + numbers - 1) / numbers, 4 * numbers, [=](std::int64_t group) {
            alignas(64) std::uint32_t bits[numbers];
            random_blocks(key, static_cast<std::uint32_t>(group * lanes), bits);
            const std::int64_t n = std::min<std::int64_t>(numbers, size - group * numbers);
            const T* from = in + group * numbers;
            T* to = out + group * numbers;
#pragma GCC ivdep
            for (std::int64_t i = 0; i < n; ++i) {
                const T kept = factor * from[i];
                to[i] = bits[i] >= threshold ? kept : T(0);
            }
        });
    });
}

}  // namespace cairn
