// The transforms of winograd.h, for a vector of channels at a time: each matrix is applied to the columns of a tile and then
// to its rows. at(i, j) is where a transform reads, put(i, j, …) where it writes.
#pragma once

#include "cairn/backend/cpu/micro_kernel.h"

namespace cairn::cpu {

template <auto f, typename V, int In, int Out, typename At, typename Put>
inline void on_columns_and_rows(void (*)(const V (&)[In], V (&)[Out]), const At& at, const Put& put) {
    V half[Out][In];
#pragma GCC unroll 8
    for (int j = 0; j < In; ++j) {
        V column[In], made[Out];
#pragma GCC unroll 8
        for (int i = 0; i < In; ++i) column[i] = at(i, j);
        f(column, made);
#pragma GCC unroll 8
        for (int i = 0; i < Out; ++i) half[i][j] = made[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < Out; ++i) {
        V made[Out];
        f(half[i], made);
#pragma GCC unroll 8
        for (int j = 0; j < Out; ++j) put(i, j, made[j]);
    }
}

// put(i, j, …) = f of every column of at(i, j), then f of every row of that.
template <auto f, typename At, typename Put>
inline void transform(const At& at, const Put& put) {
    on_columns_and_rows<f>(f, at, put);
}

// F(2 x 2, 3 x 3), of the points 0, 1, -1 and infinity.
template <typename T>
struct F2 {
    using Number = T;
    using V = Vector<T>;
    static constexpr int outputs = 2, inputs = 4, elements = inputs * inputs;

    // V = B^T d B
    static void input(const V (&a)[4], V (&b)[4]) {
        b[0] = a[0] - a[2];
        b[1] = a[1] + a[2];
        b[2] = a[2] - a[1];
        b[3] = a[1] - a[3];
    }

    // U = G g G^T
    static void filter(const V (&a)[3], V (&b)[4]) {
        b[0] = a[0];
        b[1] = T(0.5) * (a[0] + a[2] + a[1]);
        b[2] = T(0.5) * (a[0] + a[2] - a[1]);
        b[3] = a[2];
    }

    // y = A^T M A
    static void output(const V (&a)[4], V (&b)[2]) {
        b[0] = a[0] + a[1] + a[2];
        b[1] = a[1] - a[2] - a[3];
    }
};

// F(4 x 4, 3 x 3), of the points 0, p, -p, q, -q and infinity: p^2 = 1/2, q^2 = 2, p q = 1. Opposite points share their even
// and their odd terms.
template <typename T>
struct F4 {
    using Number = T;
    using V = Vector<T>;
    static constexpr int outputs = 4, inputs = 6, elements = inputs * inputs;
    static constexpr T p = static_cast<T>(0.70710678118654752440), q = 2 * p;

    // V = B^T d B
    static void input(const V (&a)[6], V (&b)[6]) {
        const V even_p = a[4] - T(2) * a[2], odd_p = a[3] - T(2) * a[1];
        const V even_q = a[4] - T(0.5) * a[2], odd_q = a[3] - T(0.5) * a[1];
        b[0] = a[0] + a[4] - T(2.5) * a[2];
        b[1] = even_p + p * odd_p;
        b[2] = even_p - p * odd_p;
        b[3] = even_q + q * odd_q;
        b[4] = even_q - q * odd_q;
        b[5] = a[1] + a[5] - T(2.5) * a[3];
    }

    // U = G g G^T
    static void filter(const V (&a)[3], V (&b)[6]) {
        const V even_p = of_p * (a[0] + T(0.5) * a[2]), odd_p = of_p * p * a[1];
        const V even_q = of_q * (a[0] + T(2) * a[2]), odd_q = of_q * q * a[1];
        b[0] = a[0];
        b[1] = even_p + odd_p;
        b[2] = even_p - odd_p;
        b[3] = even_q + odd_q;
        b[4] = even_q - odd_q;
        b[5] = a[2];
    }

    // y = A^T M A
    static void output(const V (&a)[6], V (&b)[4]) {
        const V even_p = a[1] + a[2], odd_p = p * (a[1] - a[2]);
        const V even_q = a[3] + a[4], odd_q = q * (a[3] - a[4]);
        b[0] = a[0] + even_p + even_q;
        b[1] = odd_p + odd_q;
        b[2] = T(0.5) * even_p + T(2) * even_q;
        b[3] = a[5] + T(0.5) * odd_p + T(2) * odd_q;
    }

    // Z = A dz A^T
    static void cotangent(const V (&a)[4], V (&b)[6]) {
        const V even_p = a[0] + T(0.5) * a[2], odd_p = a[1] + T(0.5) * a[3];
        const V even_q = a[0] + T(2) * a[2], odd_q = a[1] + T(2) * a[3];
        b[0] = a[0];
        b[1] = even_p + p * odd_p;
        b[2] = even_p - p * odd_p;
        b[3] = even_q + q * odd_q;
        b[4] = even_q - q * odd_q;
        b[5] = a[3];
    }

    // dg = G^T S G
    static void filter_gradient(const V (&a)[6], V (&b)[3]) {
        const V even_p = of_p * (a[1] + a[2]), even_q = of_q * (a[3] + a[4]);
        b[0] = a[0] + even_p + even_q;
        b[1] = of_p * p * (a[1] - a[2]) + of_q * q * (a[3] - a[4]);
        b[2] = a[5] + T(0.5) * even_p + T(2) * even_q;
    }

private:
    static constexpr T of_p = -T(2) / 3, of_q = T(1) / 6;  // G's rows of these points begin with them
};

}  // namespace cairn::cpu
