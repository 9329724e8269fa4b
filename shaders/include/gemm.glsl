// The register-blocked product C = A B of an (M, K) and a (K, N) matrix, whatever they are made of. The shader that
// includes this says how an element is read and what becomes of a sum:
//
//   void prepare(uint first_row)           what the loads want to know about this group's rows; may fill shared memory
//   vec4 load_a(uint quad, uint row, uint k)   A[row … row+3][k]; quad = (row - first_row) / 4
//   vec4 load_b(uint k, uint column)           B[k][column … column+3]
//   void store(uint row, uint column, vec4 sums[4])   C[row … row+3][column … column+3], one vec4 per row
//
// Quads begin at multiples of 4 and may reach over the matrix: loads yield 0 there, stores leave it alone. k lies in
// range always, as far as load_a and load_b are called at all.
//
// A group computes a tile of TILE_M x TILE_N sums, TILE_K terms at a time:
//   global memory -> registers -> shared memory -> registers, 4 x 4 blocks of sums
// An invocation has ROW_QUADS x COLUMN_QUADS such blocks: two vec4 read from shared memory serve 16 multiplications in
// a 1 x 1, and 4 serve 64 in a 2 x 2. While it multiplies one part of A and B, the next is under way to its registers,
// so that the few groups of a small layer do not wait for global memory at every step.
//
// K may be cut into parts (split-K), one per gl_WorkGroupID.z, so that a small C with a long K fills the device: each
// part writes a C of its own, and sum_parts.comp adds them in a fixed order.
#ifndef CAIRN_GEMM
#define CAIRN_GEMM

#include "common.glsl"

// The tile; the table is in framework/backend/vulkan/gemm.cpp. Neighbouring invocations read neighbours along K, or
// else along the other axis: whichever lie side by side in memory.
layout(constant_id = 0) const uint TILE_M = 64;
layout(constant_id = 1) const uint TILE_N = 64;
layout(constant_id = 2) const uint TILE_K = 16;
layout(constant_id = 3) const uint ROW_QUADS = 2;
layout(constant_id = 4) const uint COLUMN_QUADS = 1;
layout(local_size_x_id = 5, local_size_x = 128) in;
layout(constant_id = 6) const bool A_ALONG_K = true;
layout(constant_id = 7) const bool B_ALONG_K = false;

// What is always so for a layer is a constant: a division by one is a multiplication, and a check that cannot fail is gone. Without
// FIXED (for products that do not repeat) nothing is known but the tile.
layout(constant_id = 9) const bool FIXED = false;
layout(constant_id = 10) const uint FIXED_N = 0;
layout(constant_id = 11) const bool WHOLE_M = false;  // M is a multiple of TILE_M
layout(constant_id = 12) const bool WHOLE_N = false;  // N of TILE_N
layout(constant_id = 13) const bool WHOLE_K = false;  // K of TILE_K

struct Sizes {
    uint M, N, K;
    uint part;  // terms of a part of K, a multiple of TILE_K
};
Sizes size;

bool has_row(uint row) { return WHOLE_M || row < size.M; }
bool has_column(uint column) { return WHOLE_N || column < size.N; }

const uint QUADS_M = TILE_M / 4, QUADS_N = TILE_N / 4;
const uint THREADS_M = QUADS_M / ROW_QUADS, THREADS_N = QUADS_N / COLUMN_QUADS;  // invocations along either axis of a tile
const uint INVOCATIONS = THREADS_M * THREADS_N;
const uint A_LOADS = TILE_K * QUADS_M / INVOCATIONS, B_LOADS = TILE_K * QUADS_N / INVOCATIONS;

// One quad more per k than needed: an odd stride, so that invocations that write neighbours along K meet different
// banks.
shared vec4 a_tile[TILE_K * (QUADS_M + 1)];
shared vec4 b_tile[TILE_K * (QUADS_N + 1)];

void prepare(uint first_row);
vec4 load_a(uint quad, uint row, uint k);
vec4 load_b(uint k, uint column);
void store(uint row, uint column, vec4 sums[4]);

// The (k, quad) of a tile that is an invocation's i-th to load. INVOCATIONS is a multiple of TILE_K and of the quads, so
// one of the two is the same for every i: what a load computes from it is computed once.
uvec2 index_of_load(bool along_k, uint quads, uint i) {
    const uint t = gl_LocalInvocationIndex;
    return along_k ? uvec2(t % TILE_K, t / TILE_K + i * (INVOCATIONS / TILE_K))
                   : uvec2(t / quads + i * (INVOCATIONS / quads), t % quads);
}

// The parts of A and B that are under way to this invocation's registers, and its sums.
vec4 next_a[A_LOADS], next_b[B_LOADS];
vec4 sums[ROW_QUADS * COLUMN_QUADS * 4];

void load_tiles(uint first_row, uint first_column, uint k0, uint end) {
    [[unroll]] for (uint i = 0; i < A_LOADS; ++i) {
        const uvec2 at = index_of_load(A_ALONG_K, QUADS_M, i);
        next_a[i] = WHOLE_K || k0 + at.x < end ? load_a(at.y, first_row + 4 * at.y, k0 + at.x) : vec4(0);
    }
    [[unroll]] for (uint i = 0; i < B_LOADS; ++i) {
        const uvec2 at = index_of_load(B_ALONG_K, QUADS_N, i);
        next_b[i] = WHOLE_K || k0 + at.x < end ? load_b(k0 + at.x, first_column + 4 * at.y) : vec4(0);
    }
}

void share_tiles() {
    barrier();  // all have multiplied the tiles that are overwritten now
    [[unroll]] for (uint i = 0; i < A_LOADS; ++i) {
        const uvec2 at = index_of_load(A_ALONG_K, QUADS_M, i);
        a_tile[at.x * (QUADS_M + 1) + at.y] = next_a[i];
    }
    [[unroll]] for (uint i = 0; i < B_LOADS; ++i) {
        const uvec2 at = index_of_load(B_ALONG_K, QUADS_N, i);
        b_tile[at.x * (QUADS_N + 1) + at.y] = next_b[i];
    }
    barrier();  // the tiles are complete
}

void multiply_tiles(uint my_row, uint my_column) {
    [[unroll]] for (uint k = 0; k < TILE_K; ++k) {
        vec4 a[ROW_QUADS], b[COLUMN_QUADS];
        [[unroll]] for (uint q = 0; q < ROW_QUADS; ++q)
            a[q] = a_tile[k * (QUADS_M + 1) + my_row + q * THREADS_M];
        [[unroll]] for (uint q = 0; q < COLUMN_QUADS; ++q)
            b[q] = b_tile[k * (QUADS_N + 1) + my_column + q * THREADS_N];
        [[unroll]] for (uint p = 0; p < ROW_QUADS; ++p)
            [[unroll]] for (uint q = 0; q < COLUMN_QUADS; ++q)
                [[unroll]] for (uint r = 0; r < 4; ++r)
                    sums[(p * COLUMN_QUADS + q) * 4 + r] += a[p][r] * b[q];
    }
}

void gemm(Sizes given) {
    size = given;
    if (FIXED) size.N = FIXED_N;
    const uint tiles_n = (size.N + TILE_N - 1) / TILE_N, tile = flat_group();
    const uint first_row = tile / tiles_n * TILE_M, first_column = tile % tiles_n * TILE_N;
    if (first_row >= size.M) return;  // the whole group, so no barrier is missed

    const uint my_column = gl_LocalInvocationIndex % THREADS_N, my_row = gl_LocalInvocationIndex / THREADS_N;
    const uint begin = gl_WorkGroupID.z * size.part, end = min(size.K, begin + size.part);
    prepare(first_row);
    barrier();

    [[unroll]] for (uint i = 0; i < ROW_QUADS * COLUMN_QUADS * 4; ++i) sums[i] = vec4(0);
    // The first round only loads, the last only multiplies what the round before has loaded.
    for (uint k0 = begin;; k0 += TILE_K) {
        if (k0 != begin) share_tiles();
        if (k0 < end) load_tiles(first_row, first_column, k0, end);
        if (k0 != begin) multiply_tiles(my_row, my_column);
        if (k0 >= end) break;
    }

    [[unroll]] for (uint p = 0; p < ROW_QUADS; ++p)
        [[unroll]] for (uint q = 0; q < COLUMN_QUADS; ++q) {
            vec4 block[4];
            [[unroll]] for (uint r = 0; r < 4; ++r) block[r] = sums[(p * COLUMN_QUADS + q) * 4 + r];
            store(first_row + 4 * (my_row + p * THREADS_M), first_column + 4 * (my_column + q * THREADS_N), block);
        }
}

#endif
