// tile: the inner loop of the convolutions. A tile of M x (V * lanes) sums stays in registers while k runs:
//
//   c[m, n] (+)= sum over k of a(m, k) b(k, n)        each k: V vectors of b, M numbers of a, M * V multiply-adds
//
// a is read where it lies: a(m, k) = a[rows[m] + k * a_step], so that a convolution needs no im2col. The rows of a begin
// anywhere, so that a tile is full although its pixels stand in two lines of an image. k runs through segments (the rows of a
// window, or of an image), which lie apart in both a and b, and these through groups (images).
//
// What this exploits: of 32 vector registers 28 hold sums, so that a load of b serves M multiply-adds and one of a V of
// them, and the two multiply-add units never wait for the load units. With V = 2 and M = 14 that is 16 loads for 28. Two
// units that take four cycles keep eight multiply-adds in flight: a tile of fewer than five rows leaves them waiting. Where a
// tile had to end with a line of the image, those of 8 pixels (4 + 4) ran at 60 instead of 90 GFLOP/s (AVX2).
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

// The widest tile: columns of c are cut into panels of this many.
inline constexpr int panel_vectors = 2;
template <typename T>
inline constexpr int panel_width = panel_vectors* lanes<T>;
inline constexpr int most_rows = most_sums / panel_vectors;

template <typename T>
struct TileProduct {
    const T* a;
    const std::int64_t* rows;  // where in a each row of the tile begins
    std::int64_t a_step;
    const T* b;  // rows of panel_width<T> elements at least, b_step apart
    std::int64_t b_step;
    const T* ahead = nullptr;  // fetched into L2 meanwhile, a cache line for each k, b_step apart; nullptr: nothing
    std::int64_t segments, segment_length;
    std::int64_t a_segment, b_segment;  // from one segment to the next
    std::int64_t groups = 1, a_group = 0, b_group = 0;
    T* c;
    std::int64_t c_row;
    std::int64_t columns;     // of c that are there: at most panel_width<T>
    const T* bias = nullptr;  // panel_width<T> elements that every row of c begins with; nullptr: 0
    bool relu = false;        // c = max(c, 0) at the end
    bool accumulate = false;  // c += instead of c =
};

// c of `rows` rows, 1 … most_rows.
template <typename T>
void multiply_tile(std::int64_t rows, const TileProduct<T>& product);

// Cuts `rows` into as few tiles as possible, of nearly the same height, and calls body(first row, rows) for each.
template <typename Body>
void for_each_tile(std::int64_t rows, const Body& body) {
    const std::int64_t tiles = (rows + most_rows - 1) / most_rows;
    for (std::int64_t i = 0; i < tiles; ++i) {
        const std::int64_t begin = rows * i / tiles;
        body(begin, rows * (i + 1) / tiles - begin);
    }
}

}  // namespace cairn::cpu
