// loss = the mean over B rows of -sum_c p[b,c] log_softmax(x)[b,c]      logits x (B, C), labels (B) or (B, C), loss ()
// One workgroup walks over the rows, so that one dispatch yields the mean: batches have some dozens of rows.
#version 450
#include "log_softmax.glsl"
#include "labels.glsl"

layout(binding = 2) writeonly buffer Loss { float loss; };

void main() {
    float mine = 0;
    for (uint first = 0; first < p.B; first += rows_per_group()) {
        const uint b = first + row_in_group();
        const RowSums sums = sums_of_row(b);
        const float log_sum = log(sums.sum_exp);
        for (uint c = lane(); c < end_of_row(b); c += p.lanes) {
            const float q = probability(b, c);
            if (q != 0) mine -= q * (x[b * p.C + c] - sums.max - log_sum);  // 0 log 0 is 0
        }
    }
    const float total = sum_over_lanes(mine, gl_LocalInvocationIndex, group_size, 1);
    if (gl_LocalInvocationIndex == 0) loss = total * p.scale;
}
