// The transforms of winograd.h, for a vector of channels at a time: each matrix is applied to the columns of a tile and then
// to its rows. at(i, j) is where a transform reads, put(i, j, …) where it writes.
#pragma once

#include "backend/cpu/tile.h"

namespace cairn::cpu {

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

// F(2 x 2, 3 x 3), of the points 0, 1, -1 and infinity.
template <typename T>
struct F2 {
    using Number = T;
    static constexpr int outputs = 2, inputs = 4, elements = inputs * inputs;

    // V = B^T d B
    template <typename At, typename Put>
    static void input(const At& d, const Put& v) {
        on_columns_and_rows<T, inputs, inputs>(
            [](const Vector<T>(&a)[4], Vector<T>(&b)[4]) {
                b[0] = a[0] - a[2];
                b[1] = a[1] + a[2];
                b[2] = a[2] - a[1];
                b[3] = a[1] - a[3];
            },
            d, v);
    }

    // U = G g G^T
    template <typename At, typename Put>
    static void filter(const At& g, const Put& u) {
        on_columns_and_rows<T, 3, inputs>(
            [](const Vector<T>(&a)[3], Vector<T>(&b)[4]) {
                b[0] = a[0];
                b[1] = T(0.5) * (a[0] + a[2] + a[1]);
                b[2] = T(0.5) * (a[0] + a[2] - a[1]);
                b[3] = a[2];
            },
            g, u);
    }

    // y = A^T M A
    template <typename At, typename Put>
    static void output(const At& m, const Put& y) {
        on_columns_and_rows<T, inputs, outputs>(
            [](const Vector<T>(&a)[4], Vector<T>(&b)[2]) {
                b[0] = a[0] + a[1] + a[2];
                b[1] = a[1] - a[2] - a[3];
            },
            m, y);
    }
};

// F(4 x 4, 3 x 3), of the points 0, p, -p, q, -q and infinity: p^2 = 1/2, q^2 = 2, p q = 1. Opposite points share their even
// and their odd terms.
template <typename T>
struct F4 {
    using Number = T;
    static constexpr int outputs = 4, inputs = 6, elements = inputs * inputs;
    static constexpr T p = static_cast<T>(0.70710678118654752440), q = 2 * p;

    // V = B^T d B
    template <typename At, typename Put>
    static void input(const At& d, const Put& v) {
        on_columns_and_rows<T, inputs, inputs>(
            [](const Vector<T>(&a)[6], Vector<T>(&b)[6]) {
                const Vector<T> even_p = a[4] - T(2) * a[2], odd_p = a[3] - T(2) * a[1];
                const Vector<T> even_q = a[4] - T(0.5) * a[2], odd_q = a[3] - T(0.5) * a[1];
                b[0] = a[0] + a[4] - T(2.5) * a[2];
                b[1] = even_p + p * odd_p;
                b[2] = even_p - p * odd_p;
                b[3] = even_q + q * odd_q;
                b[4] = even_q - q * odd_q;
                b[5] = a[1] + a[5] - T(2.5) * a[3];
            },
            d, v);
    }

    // U = G g G^T
    template <typename At, typename Put>
    static void filter(const At& g, const Put& u) {
        on_columns_and_rows<T, 3, inputs>(
            [](const Vector<T>(&a)[3], Vector<T>(&b)[6]) {
                const Vector<T> even_p = of_p * (a[0] + T(0.5) * a[2]), odd_p = of_p * p * a[1];
                const Vector<T> even_q = of_q * (a[0] + T(2) * a[2]), odd_q = of_q * q * a[1];
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
    template <typename At, typename Put>
    static void output(const At& m, const Put& y) {
        on_columns_and_rows<T, inputs, outputs>(
            [](const Vector<T>(&a)[6], Vector<T>(&b)[4]) {
                const Vector<T> even_p = a[1] + a[2], odd_p = p * (a[1] - a[2]);
                const Vector<T> even_q = a[3] + a[4], odd_q = q * (a[3] - a[4]);
                b[0] = a[0] + even_p + even_q;
                b[1] = odd_p + odd_q;
                b[2] = T(0.5) * even_p + T(2) * even_q;
                b[3] = a[5] + T(0.5) * odd_p + T(2) * odd_q;
            },
            m, y);
    }

    // Z = A dz A^T
    template <typename At, typename Put>
    static void cotangent(const At& dz, const Put& z) {
        on_columns_and_rows<T, outputs, inputs>(
            [](const Vector<T>(&a)[4], Vector<T>(&b)[6]) {
                const Vector<T> even_p = a[0] + T(0.5) * a[2], odd_p = a[1] + T(0.5) * a[3];
                const Vector<T> even_q = a[0] + T(2) * a[2], odd_q = a[1] + T(2) * a[3];
                b[0] = a[0];
                b[1] = even_p + p * odd_p;
                b[2] = even_p - p * odd_p;
                b[3] = even_q + q * odd_q;
                b[4] = even_q - q * odd_q;
                b[5] = a[3];
            },
            dz, z);
    }

    // dg = G^T S G
    template <typename At, typename Put>
    static void filter_gradient(const At& s, const Put& dg) {
        on_columns_and_rows<T, inputs, 3>(
            [](const Vector<T>(&a)[6], Vector<T>(&b)[3]) {
                const Vector<T> even_p = of_p * (a[1] + a[2]), even_q = of_q * (a[3] + a[4]);
                b[0] = a[0] + even_p + even_q;
                b[1] = of_p * p * (a[1] - a[2]) + of_q * q * (a[3] - a[4]);
                b[2] = a[5] + T(0.5) * even_p + T(2) * even_q;
            },
            s, dg);
    }

private:
    static constexpr T of_p = -T(2) / 3, of_q = T(1) / 6;  // G's rows of these points begin with them
};

}  // namespace cairn::cpu
