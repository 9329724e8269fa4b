// What the shaders share that work on rows of C numbers, `lanes` invocations to a row: a workgroup has 128 / lanes rows.
#include "lanes.glsl"

layout(push_constant) uniform Push {
    uint B, C, lanes;
    uint classes;  // 1 if the labels are classes, 0 if they are probabilities
    float scale;
} p;

uint lane() { return gl_LocalInvocationIndex % p.lanes; }
uint rows_per_group() { return group_size / p.lanes; }
uint row_in_group() { return gl_LocalInvocationIndex / p.lanes; }

// Where this invocation's elements c = lane, lane + lanes, … of row b end: at once for a row behind the last, whose
// invocations take part in the barriers only.
uint end_of_row(uint b) { return b < p.B ? p.C : 0; }

float row_sum(float mine) { return sum_over_lanes(mine, lane(), p.lanes, 1); }
float row_max(float mine) { return max_over_lanes(mine, lane(), p.lanes, 1); }
