// The micro-kernel: the inner loop of the convolutions, and of dense layers with few rows. A strip of M rows and V * lanes columns of sums stays in registers while
// k runs:
//
//   c[m, n] (+)= sum over k of a(m, k) b(k, n)        each k: V vectors of b, M numbers of a, M * V multiply-adds
//
// a is read where it lies: a(m, k) = a[rows[m] + k * a_step], so that a convolution needs no im2col. The rows of a begin
// anywhere, so that a strip is full although its pixels stand in two lines of an image. k runs through segments (the rows of a
// window, or of an image), which lie apart in both a and b, and these through groups (images).
//
// What this exploits: of 32 vector registers 28 hold sums, so that a load of b serves M multiply-adds and one of a V of
// them, and the two multiply-add units never wait for the load units. With V = 2 and M = 14 that is 16 loads for 28. Two
// units that take four cycles keep eight multiply-adds in flight: a strip of fewer than five rows leaves them waiting.
#pragma once

#include <cstdint>
#include <cstring>

namespace cairn::cpu {

#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64, most_sums = 28;  // of 32 registers
#elif defined(__AVX__)
inline constexpr int vector_bytes = 32, most_sums = 12;  // of 16
#else
inline constexpr int vector_bytes = 16, most_sums = 12;
#endif

template <typename T>
inline constexpr int lanes = vector_bytes / static_cast<int>(sizeof(T));

template <typename T>
struct VectorOf {
    typedef T Type __attribute__((vector_size(vector_bytes)));
};
template <typename T>
using Vector = typename VectorOf<T>::Type;

template <typename T>
Vector<T> load(const T* from) {
    Vector<T> v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

template <typename T>
void store(T* to, const Vector<T>& v) {
    std::memcpy(to, &v, sizeof v);
}

// relu(z) = z < 0 ? 0 : z, which passes NaN on.
template <typename T>
Vector<T> relu(const Vector<T>& z) {
    return z < Vector<T>{} ? Vector<T>{} : z;
}

// The widest strip: columns of c are cut into panels of this many.
inline constexpr int panel_vectors = 2;
template <typename T>
inline constexpr int panel_width = panel_vectors* lanes<T>;
inline constexpr int most_rows = most_sums / panel_vectors;

// Where an operand's numbers lie as k runs: from one to the next, from one segment to the next, from one group to the next.
template <typename T>
struct StripOperand {
    const T* data;
    std::int64_t step, to_segment = 0, to_group = 0;
};

// How far k runs.
struct StripTerms {
    std::int64_t of_segment, segments = 1, groups = 1;
};

template <typename T>
struct StripProduct {
    StripTerms terms;
    StripOperand<T> a;
    const std::int64_t* rows;  // where in a each row of the strip begins
    StripOperand<T> b;         // rows of panel_width<T> elements at least
    const T* ahead = nullptr;  // fetched into L2 meanwhile, a cache line for each k, b.step apart; nullptr: nothing
    T* c;
    std::int64_t c_row;
    std::int64_t columns;     // of c that are there: at most panel_width<T>
    const T* bias = nullptr;  // panel_width<T> elements that every row of c begins with; nullptr: 0
    bool relu = false;        // c = relu(c) at the end
    bool accumulate = false;  // c += instead of c =
};

// c of `rows` rows, 1 … most_rows.
template <typename T>
void multiply_strip(std::int64_t rows, const StripProduct<T>& product);

// Cuts `rows` into as few strips as possible, of nearly the same height, and calls body(first row, rows) for each.
template <typename Body>
void for_each_strip(std::int64_t rows, const Body& body) {
    const std::int64_t strips = (rows + most_rows - 1) / most_rows;
    for (std::int64_t i = 0; i < strips; ++i) {
        const std::int64_t begin = rows * i / strips;
        body(begin, rows * (i + 1) / strips - begin);
    }
}

}  // namespace cairn::cpu
