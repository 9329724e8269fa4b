// softmax: dx[b,c] = y[b,c] (dy[b,c] - sum over k of dy[b,k] y[b,k])
// log_softmax: dx[b,c] = dy[b,c] - exp(y[b,c]) sum over k of dy[b,k]      y, dy, dx (B, C)
#version 450
#include "rows.glsl"

layout(constant_id = 0) const bool logarithm = false;

layout(binding = 0) readonly buffer Y { float y[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 2) writeonly buffer Dx { float dx[]; };

void main() {
    const uint b = flat_group() * rows_per_group() + row_in_group();
    float mine = 0;
    for (uint c = lane(); c < end_of_row(b); c += p.lanes) {
        const uint at = b * p.C + c;
        mine += logarithm ? dy[at] : dy[at] * y[at];
    }
    const float sum = row_sum(mine);
    for (uint c = lane(); c < end_of_row(b); c += p.lanes) {
        const uint at = b * p.C + c;
        dx[at] = logarithm ? dy[at] - exp(y[at]) * sum : y[at] * (dy[at] - sum);
    }
}
