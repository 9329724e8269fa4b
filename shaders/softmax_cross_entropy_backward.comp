// dlogits[b,c] = dloss / B * (softmax(x)[b,c] * sum_k p[b,k] - p[b,c])
//   logits x, dlogits (B, C), labels (B) or (B, C), dloss ()
#version 450
#include "log_softmax.glsl"
#include "labels.glsl"

layout(binding = 2) readonly buffer Dloss { float dloss; };
layout(binding = 3) writeonly buffer Dlogits { float dlogits[]; };

void main() {
    const uint b = flat_group() * rows_per_group() + row_in_group();
    const RowSums sums = sums_of_row(b);
    float mine = 0;
    for (uint c = lane(); c < end_of_row(b); c += p.lanes) mine += probability(b, c);
    const float total = row_sum(mine);  // 1 where the row holds probabilities

    for (uint c = lane(); c < end_of_row(b); c += p.lanes) {
        const float softmax = exp(x[b * p.C + c] - sums.max) / sums.sum_exp;
        dlogits[b * p.C + c] = dloss * p.scale * (softmax * total - probability(b, c));
    }
}
