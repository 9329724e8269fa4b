// What softmax, log_softmax and the cross-entropy have in common, for logits x (B, C):
//   log_softmax(x)[c] = x[c] - max - log(sum over k of exp(x[k] - max))
// Taking off the maximum changes nothing, and keeps exp from overflowing: its largest argument is 0.
#include "rows.glsl"

layout(binding = 0) readonly buffer X { float x[]; };

struct RowSums {
    float max, sum_exp;
};

RowSums sums_of_row(uint b) {
    float max_of_mine = negative_infinity();
    for (uint c = lane(); c < end_of_row(b); c += p.lanes) max_of_mine = lane_max(max_of_mine, x[b * p.C + c]);
    RowSums sums;
    sums.max = row_max(max_of_mine);

    float mine = 0;
    for (uint c = lane(); c < end_of_row(b); c += p.lanes) mine += exp(x[b * p.C + c] - sums.max);
    sums.sum_exp = row_sum(mine);
    return sums;
}
