// The transforms of winograd.h, for a vector of channels at a time: each matrix is applied to the columns of a tile and then
// to its rows. Its entries come in pairs of opposite points, which share their even and their odd terms.
#pragma once

#include "backend/cpu/tile.h"

namespace cairn::cpu {

// F(4 x 4, 3 x 3)
inline constexpr int tile_outputs = 4, tile_inputs = 6, tile_elements = tile_inputs * tile_inputs;

// The points ±p and ±q: p^2 = 1/2, q^2 = 2, p q = 1.
template <typename T>
inline constexpr T point_p = static_cast<T>(0.70710678118654752440);
template <typename T>
inline constexpr T point_q = 2 * point_p<T>;

// put(i, j, …) = f of every column of at(i, j), then f of every row of that.
template <typename T, int In, int Out, typename F, typename At, typename Put>
inline void on_columns_and_rows(const F& f, const At& at, const Put& put) {
    Vector<T> half[Out][In];
#pragma GCC unroll 8
    for (int j = 0; j < In; ++j) {
        Vector<T> column[In], made[Out];
#pragma GCC unroll 8
        for (int i = 0; i < In; ++i) column[i] = at(i, j);
        f(column, made);
#pragma GCC unroll 8
        for (int i = 0; i < Out; ++i) half[i][j] = made[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < Out; ++i) {
        Vector<T> made[Out];
        f(half[i], made);
#pragma GCC unroll 8
        for (int j = 0; j < Out; ++j) put(i, j, made[j]);
    }
}

// V = B^T d B
template <typename T, typename At, typename Put>
inline void transform_input_tile(const At& d, const Put& v) {
    on_columns_and_rows<T, tile_inputs, tile_inputs>(
        [](const Vector<T>(&a)[6], Vector<T>(&b)[6]) {
            const Vector<T> even_p = a[4] - T(2) * a[2], odd_p = a[3] - T(2) * a[1];
            const Vector<T> even_q = a[4] - T(0.5) * a[2], odd_q = a[3] - T(0.5) * a[1];
            b[0] = a[0] + a[4] - T(2.5) * a[2];
            b[1] = even_p + point_p<T> * odd_p;
            b[2] = even_p - point_p<T> * odd_p;
            b[3] = even_q + point_q<T> * odd_q;
            b[4] = even_q - point_q<T> * odd_q;
            b[5] = a[1] + a[5] - T(2.5) * a[3];
        },
        d, v);
}

// U = G g G^T
template <typename T, typename At, typename Put>
inline void transform_filter(const At& g, const Put& u) {
    on_columns_and_rows<T, 3, tile_inputs>(
        [](const Vector<T>(&a)[3], Vector<T>(&b)[6]) {
            const T of_p = -T(2) / 3, of_q = T(1) / 6;
            const Vector<T> even_p = of_p * (a[0] + T(0.5) * a[2]), odd_p = of_p * point_p<T> * a[1];
            const Vector<T> even_q = of_q * (a[0] + T(2) * a[2]), odd_q = of_q * point_q<T> * a[1];
            b[0] = a[0];
            b[1] = even_p + odd_p;
            b[2] = even_p - odd_p;
            b[3] = even_q + odd_q;
            b[4] = even_q - odd_q;
            b[5] = a[2];
        },
        g, u);
}

// y = A^T M A
template <typename T, typename At, typename Put>
inline void transform_output_tile(const At& m, const Put& y) {
    on_columns_and_rows<T, tile_inputs, tile_outputs>(
        [](const Vector<T>(&a)[6], Vector<T>(&b)[4]) {
            const Vector<T> even_p = a[1] + a[2], odd_p = point_p<T> * (a[1] - a[2]);
            const Vector<T> even_q = a[3] + a[4], odd_q = point_q<T> * (a[3] - a[4]);
            b[0] = a[0] + even_p + even_q;
            b[1] = odd_p + odd_q;
            b[2] = T(0.5) * even_p + T(2) * even_q;
            b[3] = a[5] + T(0.5) * odd_p + T(2) * odd_q;
        },
        m, y);
}

// Z = A dz A^T
template <typename T, typename At, typename Put>
inline void transform_cotangent_tile(const At& dz, const Put& z) {
    on_columns_and_rows<T, tile_outputs, tile_inputs>(
        [](const Vector<T>(&a)[4], Vector<T>(&b)[6]) {
            const Vector<T> even_p = a[0] + T(0.5) * a[2], odd_p = a[1] + T(0.5) * a[3];
            const Vector<T> even_q = a[0] + T(2) * a[2], odd_q = a[1] + T(2) * a[3];
            b[0] = a[0];
            b[1] = even_p + point_p<T> * odd_p;
            b[2] = even_p - point_p<T> * odd_p;
            b[3] = even_q + point_q<T> * odd_q;
            b[4] = even_q - point_q<T> * odd_q;
            b[5] = a[3];
        },
        dz, z);
}

// dg = G^T S G
template <typename T, typename At, typename Put>
inline void transform_filter_gradient(const At& s, const Put& dg) {
    on_columns_and_rows<T, tile_inputs, 3>(
        [](const Vector<T>(&a)[6], Vector<T>(&b)[3]) {
            const T of_p = -T(2) / 3, of_q = T(1) / 6;
            const Vector<T> even_p = of_p * (a[1] + a[2]), even_q = of_q * (a[3] + a[4]);
            b[0] = a[0] + even_p + even_q;
            b[1] = of_p * point_p<T> * (a[1] - a[2]) + of_q * point_q<T> * (a[3] - a[4]);
            b[2] = a[5] + T(0.5) * even_p + T(2) * even_q;
        },
        s, dg);
}

}  // namespace cairn::cpu
