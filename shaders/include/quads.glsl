// QUAD_READER(name, x, x4, whole) defines name(row, column, columns): x[row][column … column+3] of a row-major matrix, 0
// behind its last column. x4 is the same buffer seen as vec4, read where the rows are whole quads; column is a multiple
// of 4. With `whole`, a constant, no column lies behind the last one.
#ifndef CAIRN_QUADS
#define CAIRN_QUADS

#define QUAD_READER(name, x, x4, whole)                                                             \
    vec4 name(uint row, uint column, uint columns) {                                                \
        const uint at = row * columns + column;                                                     \
        if (columns % 4 == 0) return whole || column < columns ? x4[at / 4] : vec4(0);              \
        vec4 quad = vec4(0);                                                                        \
        [[unroll]] for (uint r = 0; r < 4; ++r)                                                     \
            if (column + r < columns) quad[r] = x[at + r];                                          \
        return quad;                                                                                \
    }

#endif
