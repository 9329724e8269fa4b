// The transforms of winograd.h, for a vector of channels at a time: each matrix is applied to the columns of a tile and then
// to its rows.
#pragma once

#include "backend/cpu/tile.h"

namespace cairn::cpu {

// to = f of every column of `from`, then f of every row of that.
template <typename T, int In, int Out, typename F>
inline void on_columns_and_rows(const F& f, const Vector<T> (&from)[In][In], Vector<T> (&to)[Out][Out]) {
    Vector<T> half[Out][In];
#pragma GCC unroll 4
    for (int j = 0; j < In; ++j) {
        Vector<T> column[In], made[Out];
#pragma GCC unroll 4
        for (int i = 0; i < In; ++i) column[i] = from[i][j];
        f(column, made);
#pragma GCC unroll 4
        for (int i = 0; i < Out; ++i) half[i][j] = made[i];
    }
#pragma GCC unroll 4
    for (int i = 0; i < Out; ++i) f(half[i], to[i]);
}

// V = B^T d B
template <typename T>
inline void transform_input_tile(const Vector<T> (&d)[4][4], Vector<T> (&v)[4][4]) {
    on_columns_and_rows<T>(
        [](const Vector<T>(&a)[4], Vector<T>(&b)[4]) {
            b[0] = a[0] - a[2];
            b[1] = a[1] + a[2];
            b[2] = a[2] - a[1];
            b[3] = a[1] - a[3];
        },
        d, v);
}

// U = G g G^T
template <typename T>
inline void transform_filter(const Vector<T> (&g)[3][3], Vector<T> (&u)[4][4]) {
    on_columns_and_rows<T>(
        [](const Vector<T>(&a)[3], Vector<T>(&b)[4]) {
            b[0] = a[0];
            b[1] = T(0.5) * (a[0] + a[2] + a[1]);
            b[2] = T(0.5) * (a[0] + a[2] - a[1]);
            b[3] = a[2];
        },
        g, u);
}

// y = A^T M A
template <typename T>
inline void transform_output_tile(const Vector<T> (&m)[4][4], Vector<T> (&y)[2][2]) {
    on_columns_and_rows<T>(
        [](const Vector<T>(&a)[4], Vector<T>(&b)[2]) {
            b[0] = a[0] + a[1] + a[2];
            b[1] = a[1] - a[2] - a[3];
        },
        m, y);
}

// Z = A dz A^T
template <typename T>
inline void transform_cotangent_tile(const Vector<T> (&dz)[2][2], Vector<T> (&z)[4][4]) {
    on_columns_and_rows<T>(
        [](const Vector<T>(&a)[2], Vector<T>(&b)[4]) {
            b[0] = a[0];
            b[1] = a[0] + a[1];
            b[2] = a[0] - a[1];
            b[3] = -a[1];
        },
        dz, z);
}

// dg = G^T S G
template <typename T>
inline void transform_filter_gradient(const Vector<T> (&s)[4][4], Vector<T> (&g)[3][3]) {
    on_columns_and_rows<T>(
        [](const Vector<T>(&a)[4], Vector<T>(&b)[3]) {
            const Vector<T> sum = T(0.5) * (a[1] + a[2]), difference = T(0.5) * (a[1] - a[2]);
            b[0] = a[0] + sum;
            b[1] = difference;
            b[2] = sum + a[3];
        },
        s, g);
}

}  // namespace cairn::cpu
