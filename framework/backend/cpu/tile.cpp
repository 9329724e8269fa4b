#include "backend/cpu/tile.h"

#include <array>
#include <cstring>
#include <utility>

namespace cairn::cpu {

namespace {

// A whole panel of a row of c.
template <typename T>
void finish(const TileProduct<T>& p, T* c, Vector<T> (&sums)[panel_vectors]) {
    for (int v = 0; v < panel_vectors; ++v) {
        if (p.accumulate) sums[v] += load(c + v * lanes<T>);
        if (p.relu) sums[v] = sums[v] > Vector<T>{} ? sums[v] : Vector<T>{};
        store<T>(c + v * lanes<T>, sums[v]);
    }
}

template <typename T, int M>
void multiply(const TileProduct<T>& p) {
    Vector<T> sums[M][panel_vectors];
#pragma GCC unroll 32
    for (int m = 0; m < M; ++m)
#pragma GCC unroll 4
        for (int v = 0; v < panel_vectors; ++v) sums[m][v] = p.bias ? load(p.bias + v * lanes<T>) : Vector<T>{};

    const T* rows[M];
#pragma GCC unroll 32
    for (int m = 0; m < M; ++m) rows[m] = p.a + p.rows[m];
    const std::int64_t a_step = p.a_step, b_step = p.b_step, length = p.segment_length;
    for (std::int64_t group = 0; group < p.groups; ++group)
        for (std::int64_t segment = 0; segment < p.segments; ++segment) {
            std::int64_t at = group * p.a_group + segment * p.a_segment;
            const T* b = p.b + group * p.b_group + segment * p.b_segment;
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
    return std::array<void (*)(const TileProduct<T>&), sizeof...(M)>{multiply<T, M + 1>...};
}

}  // namespace

template <typename T>
void multiply_tile(std::int64_t rows, const TileProduct<T>& product) {
    static constexpr auto by_rows = multiplications<T>(std::make_integer_sequence<int, most_rows>());
    by_rows[static_cast<std::size_t>(rows - 1)](product);
}

template void multiply_tile<float>(std::int64_t, const TileProduct<float>&);
template void multiply_tile<double>(std::int64_t, const TileProduct<double>&);

}  // namespace cairn::cpu
