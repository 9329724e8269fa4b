// The register-blocked product C = A B of an (M, K) and a (K, N) matrix, whatever they are made of. The shader that
// includes this says how an element is read and what becomes of a sum:
//
//   void prepare(uint first_row)           what the loads want to know about this group's rows; may fill shared memory
//   vec4 load_a(uint quad, uint row, uint k)   A[row … row+3][k]; quad = (row - first_row) / 4
//   vec4 load_b(uint k, uint column)           B[k][column … column+3]
//   void store(uint row, uint column, vec4 sums[4])   C[row … row+3][column … column+3], one vec4 per row
//
// Where four terms of an operand lie side by side in memory (QUADS_ALONG_K of A, of B) it is read by blocks of 4 x 4, one vec4 for
// each of four rows or columns, and turned around on the way to shared memory:
//   mat4 load_a_block(uint quad, uint row, uint k)     column r: A[row + r][k … k+3]
//   mat4 load_b_block(uint k, uint column)             column r: B[k … k+3][column + r]
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

layout(constant_id = 25) const bool A_QUADS_ALONG_K = false;  // four terms of a row of A lie side by side, and K is whole
layout(constant_id = 26) const bool B_QUADS_ALONG_K = false;  // of a column of B

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
mat4 load_a_block(uint quad, uint row, uint k);
mat4 load_b_block(uint k, uint column);
void store(uint row, uint column, vec4 sums[4]);

// The (k, quad) of a tile that is an invocation's i-th to load. INVOCATIONS is a multiple of TILE_K and of the quads, so
// one of the two is the same for every i: what a load computes from it is computed once.
uvec2 index_of_load(bool along_k, uint quads, uint i) {
    const uint t = gl_LocalInvocationIndex;
    return along_k ? uvec2(t % TILE_K, t / TILE_K + i * (INVOCATIONS / TILE_K))
                   : uvec2(t / quads + i * (INVOCATIONS / quads), t % quads);
}

// With blocks: those of a tile, of which an invocation has some or, where they are fewer than the invocations, perhaps none.
const uint BLOCKS_K = TILE_K / 4, A_BLOCKS = BLOCKS_K * QUADS_M, B_BLOCKS = BLOCKS_K * QUADS_N;
const uint A_ROUNDS = (A_BLOCKS + INVOCATIONS - 1) / INVOCATIONS, B_ROUNDS = (B_BLOCKS + INVOCATIONS - 1) / INVOCATIONS;

// The parts of A and B that are under way to this invocation's registers, and its sums.
vec4 next_a[A_LOADS > 4 * A_ROUNDS ? A_LOADS : 4 * A_ROUNDS], next_b[B_LOADS > 4 * B_ROUNDS ? B_LOADS : 4 * B_ROUNDS];
vec4 sums[ROW_QUADS * COLUMN_QUADS * 4];

// The (k, quad) of the i-th block of an invocation; k is a multiple of 4. Neighbours read neighbours along K.
uvec2 index_of_block(uint i) {
    const uint block = gl_LocalInvocationIndex + i * INVOCATIONS;
    return uvec2(4 * (block % BLOCKS_K), block / BLOCKS_K);
}
bool has_block(uint i, uint blocks) {
    return blocks % INVOCATIONS == 0 || gl_LocalInvocationIndex + i * INVOCATIONS < blocks;
}

void load_blocks_of_a(uint first_row, uint k0) {
    [[unroll]] for (uint i = 0; i < A_ROUNDS; ++i) {
        if (!has_block(i, A_BLOCKS)) continue;
        const uvec2 at = index_of_block(i);
        const mat4 block = transpose(load_a_block(at.y, first_row + 4 * at.y, k0 + at.x));
        [[unroll]] for (uint k = 0; k < 4; ++k) next_a[4 * i + k] = block[k];
    }
}

void load_blocks_of_b(uint first_column, uint k0) {
    [[unroll]] for (uint i = 0; i < B_ROUNDS; ++i) {
        if (!has_block(i, B_BLOCKS)) continue;
        const uvec2 at = index_of_block(i);
        const mat4 block = transpose(load_b_block(k0 + at.x, first_column + 4 * at.y));
        [[unroll]] for (uint k = 0; k < 4; ++k) next_b[4 * i + k] = block[k];
    }
}

void load_quads_of_a(uint first_row, uint k0, uint end) {
    [[unroll]] for (uint i = 0; i < A_LOADS; ++i) {
        const uvec2 at = index_of_load(A_ALONG_K, QUADS_M, i);
        next_a[i] = WHOLE_K || k0 + at.x < end ? load_a(at.y, first_row + 4 * at.y, k0 + at.x) : vec4(0);
    }
}

void load_quads_of_b(uint first_column, uint k0, uint end) {
    [[unroll]] for (uint i = 0; i < B_LOADS; ++i) {
        const uvec2 at = index_of_load(B_ALONG_K, QUADS_N, i);
        next_b[i] = WHOLE_K || k0 + at.x < end ? load_b(k0 + at.x, first_column + 4 * at.y) : vec4(0);
    }
}

void load_tiles(uint first_row, uint first_column, uint k0, uint end) {
    if (A_QUADS_ALONG_K) load_blocks_of_a(first_row, k0);
    else load_quads_of_a(first_row, k0, end);
    if (B_QUADS_ALONG_K) load_blocks_of_b(first_column, k0);
    else load_quads_of_b(first_column, k0, end);
}

void share_tiles() {
    barrier();  // all have multiplied the tiles that are overwritten now
    if (A_QUADS_ALONG_K) {
        [[unroll]] for (uint i = 0; i < 4 * A_ROUNDS; ++i) {
            if (!has_block(i / 4, A_BLOCKS)) continue;
            const uvec2 at = index_of_block(i / 4);
            a_tile[(at.x + i % 4) * (QUADS_M + 1) + at.y] = next_a[i];
        }
    } else {
        [[unroll]] for (uint i = 0; i < A_LOADS; ++i) {
            const uvec2 at = index_of_load(A_ALONG_K, QUADS_M, i);
            a_tile[at.x * (QUADS_M + 1) + at.y] = next_a[i];
        }
    }
    if (B_QUADS_ALONG_K) {
        [[unroll]] for (uint i = 0; i < 4 * B_ROUNDS; ++i) {
            if (!has_block(i / 4, B_BLOCKS)) continue;
            const uvec2 at = index_of_block(i / 4);
            b_tile[(at.x + i % 4) * (QUADS_N + 1) + at.y] = next_b[i];
        }
    } else {
        [[unroll]] for (uint i = 0; i < B_LOADS; ++i) {
            const uvec2 at = index_of_load(B_ALONG_K, QUADS_N, i);
            b_tile[at.x * (QUADS_N + 1) + at.y] = next_b[i];
        }
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
