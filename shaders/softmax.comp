// softmax: y[b,c] = exp(x[b,c] - max) / sum over k of exp(x[b,k] - max)
// log_softmax: y[b,c] = x[b,c] - max - log(that sum)      x, y (B, C)
#version 450
#include "log_softmax.glsl"

layout(constant_id = 0) const bool logarithm = false;

layout(binding = 1) writeonly buffer Y { float y[]; };

void main() {
    const uint b = flat_group() * rows_per_group() + row_in_group();
    const RowSums sums = sums_of_row(b);
    for (uint c = lane(); c < end_of_row(b); c += p.lanes) {
        const float shifted = x[b * p.C + c] - sums.max;
        y[b * p.C + c] = logarithm ? shifted - log(sums.sum_exp) : exp(shifted) / sums.sum_exp;
    }
}
