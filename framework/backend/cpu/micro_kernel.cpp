#include "cairn/backend/cpu/micro_kernel.h"

#include <array>
#include <cstring>
#include <utility>

namespace cairn::cpu {

namespace {

// A whole panel of a row of c.
template <typename T>
void finish(const StripProduct<T>& p, T* c, Vector<T> (&sums)[panel_vectors]) {
    for (int v = 0; v < panel_vectors; ++v) {
        if (p.accumulate) sums[v] += load(c + v * lanes<T>);
        if (p.relu) sums[v] = relu<T>(sums[v]);
        store<T>(c + v * lanes<T>, sums[v]);
    }
}

template <typename T, int M>
void multiply(const StripProduct<T>& p) {
    Vector<T> sums[M][panel_vectors];
#pragma GCC unroll 32
    for (int m = 0; m < M; ++m)
#pragma GCC unroll 4
        for (int v = 0; v < panel_vectors; ++v) sums[m][v] = p.bias ? load(p.bias + v * lanes<T>) : Vector<T>{};

    const T* rows[M];
#pragma GCC unroll 32
    for (int m = 0; m < M; ++m) rows[m] = p.a.data + p.rows[m];
    const std::int64_t a_step = p.a.step, b_step = p.b.step, length = p.terms.of_segment;
    for (std::int64_t group = 0; group < p.terms.groups; ++group)
        for (std::int64_t segment = 0; segment < p.terms.segments; ++segment) {
            std::int64_t at = group * p.a.to_group + segment * p.a.to_segment;
            const T* b = p.b.data + group * p.b.to_group + segment * p.b.to_segment;
            const T* ahead = p.ahead ? p.ahead : b;  // b is needed anyway: to fetch it costs less than a test
            for (std::int64_t k = 0; k < length; ++k, at += a_step, b += b_step, ahead += b_step) {
                __builtin_prefetch(ahead, 0, 2);
                Vector<T> of_b[panel_vectors];
#pragma GCC unroll 4
                for (int v = 0; v < panel_vectors; ++v) of_b[v] = load(b + v * lanes<T>);
#pragma GCC unroll 32
                for (int m = 0; m < M; ++m)
#pragma GCC unroll 4
                    for (int v = 0; v < panel_vectors; ++v) sums[m][v] += rows[m][at] * of_b[v];
            }
        }

    for (int m = 0; m < M; ++m) {
        T* c = p.c + m * p.c_row;
        if (p.columns == panel_width<T>) {
            finish<T>(p, c, sums[m]);
        } else {  // the last panel of a width that is no multiple: by way of a whole one
            T whole[panel_width<T>] = {};
            std::memcpy(whole, c, static_cast<std::size_t>(p.columns) * sizeof(T));
            finish<T>(p, whole, sums[m]);
            std::memcpy(c, whole, static_cast<std::size_t>(p.columns) * sizeof(T));
        }
    }
}

// One function for each height, so that the compiler knows which sums to hold in registers.
template <typename T, int... M>
constexpr auto multiplications(std::integer_sequence<int, M...>) {
    return std::array<void (*)(const StripProduct<T>&), sizeof...(M)>{multiply<T, M + 1>...};
}

}  // namespace

template <typename T>
void multiply_strip(std::int64_t rows, const StripProduct<T>& product) {
    static constexpr auto by_rows = multiplications<T>(std::make_integer_sequence<int, most_rows>());
    by_rows[static_cast<std::size_t>(rows - 1)](product);
}

template void multiply_strip<float>(std::int64_t, const StripProduct<float>&);
template void multiply_strip<double>(std::int64_t, const StripProduct<double>&);

}  // namespace cairn::cpu
