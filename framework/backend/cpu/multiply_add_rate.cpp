// The processor's peak. Each thread runs chains of
//
//   sum = sum * factor + term        one multiply-add of a whole vector, which counts as 2 operations per number
//
// that do not wait for each other: two units that take four or five cycles need eight to ten of them in flight. Sums, factor
// and term stay in registers. A matrix product comes near this rate and cannot exceed it.
#include "cairn/backend/cpu/processor.h"
#include "cairn/core/parallel.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace cairn {

namespace {

template <int bytes>
struct Numbers {
    typedef float Type __attribute__((vector_size(bytes)));
};

// Operations done by one thread, whose sums converge to term / (1 - factor). Numbers that the compiler cannot know, and a
// result that it must compute.
template <int bytes, int chains>
[[gnu::always_inline]] inline std::int64_t run_chains(std::int64_t steps) {
    volatile float factor_at_run_time = 0.5f, term_at_run_time = 0.25f;
    using Vector = typename Numbers<bytes>::Type;
    const Vector factor = Vector{} + factor_at_run_time, term = Vector{} + term_at_run_time;
    Vector sums[chains];
    for (int chain = 0; chain < chains; ++chain)  // each its own: equal ones would be computed once
        sums[chain] = term * static_cast<float>(chain);
    for (std::int64_t step = 0; step < steps; ++step)
#pragma GCC unroll 16
        for (int chain = 0; chain < chains; ++chain) sums[chain] = sums[chain] * factor + term;
    for (int chain = 1; chain < chains; ++chain) sums[0] += sums[chain];
    [[maybe_unused]] volatile float result = sums[0][0];
    return steps * chains * 2 * (bytes / static_cast<std::int64_t>(sizeof(float)));
}

// By the instructions that the processor has, also those that the program is not compiled for, since OpenBLAS uses them.
// Of 16 registers 12 hold sums, of 32 registers 16.
#if defined(__x86_64__)
[[gnu::target("avx512f")]] std::int64_t run_512_bits(std::int64_t steps) { return run_chains<64, 16>(steps); }
[[gnu::target("avx2,fma")]] std::int64_t run_256_bits(std::int64_t steps) { return run_chains<32, 12>(steps); }
std::int64_t run_128_bits(std::int64_t steps) { return run_chains<16, 12>(steps); }
#else
std::int64_t run_128_bits(std::int64_t steps) { return run_chains<16, 16>(steps); }
#endif

using Run = std::int64_t (*)(std::int64_t steps);

Run widest() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return run_512_bits;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return run_256_bits;
#endif
    return run_128_bits;
}

}  // namespace

double multiply_add_rate() {
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t steps =
        1 << 18;  // about half a millisecond: the shorter, the likelier that nothing disturbs it
    constexpr std::chrono::milliseconds patience{300};
    const Run run = widest();
    double best = 0;
    const auto start = Clock::now();
    do {
        const int count = threads();
        std::int64_t operations = 0;  // of each thread
        const auto run_start = Clock::now();
        parallel_for(count, 1, [&](std::int64_t, std::int64_t, int thread) {
            const std::int64_t own = run(steps);
            if (thread == 0) operations = own;
        });
        const double seconds = std::chrono::duration<double>(Clock::now() - run_start).count();
        best = std::max(best, static_cast<double>(operations * count) / seconds);
    } while (Clock::now() - start < patience);
    return best;
}

}  // namespace cairn
