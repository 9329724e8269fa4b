// Trees over the lanes of a workgroup. A workgroup of 128 invocations works on several results at once; `lanes` of its
// invocations (a power of two) share a result: each takes every lanes-th element of it by itself, then a tree in shared
// memory combines what they have. The order depends on nothing but the shape, so the same input gives the same bits.
//
// The invocations that share a result stand `step` apart: 1 where neighbours in memory belong to the same result (a sum
// per row), or the number of results where they belong to neighbouring results (a sum per column), so that neighbours
// read neighbours. Every invocation of the workgroup must call these, since they hold barriers.
#ifndef CAIRN_LANES
#define CAIRN_LANES

#include "common.glsl"
#include "numbers.glsl"

layout(local_size_x = group_size) in;

shared float lane_values[group_size];

float lane_sum(float a, float b) { return a + b; }
float lane_max(float a, float b) { return is_larger(b, a) ? b : a; }

// combine(…) over the lanes of this invocation's result, given to all of them.
#define LANE_TREE(name, combine)                                                                          \
    float name(float value, uint lane, uint lanes, uint step) {                                           \
        const uint me = gl_LocalInvocationIndex;                                                          \
        lane_values[me] = value;                                                                          \
        barrier();                                                                                        \
        for (uint half_lanes = lanes / 2; half_lanes > 0; half_lanes /= 2) {                              \
            if (lane < half_lanes)                                                                        \
                lane_values[me] = combine(lane_values[me], lane_values[me + half_lanes * step]);          \
            barrier();                                                                                    \
        }                                                                                                 \
        const float result = lane_values[me - lane * step];                                               \
        barrier(); /* all have read it before the next tree writes */                                     \
        return result;                                                                                    \
    }
LANE_TREE(sum_over_lanes, lane_sum)
LANE_TREE(max_over_lanes, lane_max)

#endif
