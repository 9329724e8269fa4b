// mean[c] = mean over m of x[m,c]      variance[c] = mean over m of (x[m,c] - mean[c])^2      x (M, C); mean, variance (C)
// and, if wanted: moving = momentum moving + (1 - momentum) of mean and of variance.
//
// By merging (count, mean, sum of squared deviations) of disjoint sets of rows (Chan, Golub, LeVeque 1979): of eight rows
// at a time, of a lane, of the lanes, of the slices.
#version 450
#include "channels.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer Partials { float partials[]; };  // (slices, 2, C): means and squares
layout(binding = 2) writeonly buffer Mean { float mean[]; };
layout(binding = 3) writeonly buffer Variance { float variance[]; };
layout(binding = 4) buffer MovingMean { float moving_mean[]; };
layout(binding = 5) buffer MovingVariance { float moving_variance[]; };

struct Moments {
    float count, mean, squares;
};
shared Moments moments[group_size];

Moments merge(Moments a, Moments b) {
    const float count = a.count + b.count, difference = b.mean - a.mean;
    if (b.count == 0) return a;
    const float share = b.count / count;
    return Moments(count, a.mean + difference * share, a.squares + b.squares + difference * difference * a.count * share);
}

// Rows first, first + lanes, … of this lane, eight at most, in two passes over registers.
const uint block = 8;
Moments of_rows(uint first, uint end) {
    float values[block];
    float sum = 0, count = 0;
    [[unroll]] for (uint k = 0; k < block; ++k) {
        const uint m = first + k * lanes();
        values[k] = m < end ? x[m * p.C + channel()] : 0.0;
        sum += values[k];
        count += m < end ? 1.0 : 0.0;
    }
    const float center = sum / count;
    float squares = 0;
    [[unroll]] for (uint k = 0; k < block; ++k) {
        const float deviation = first + k * lanes() < end ? values[k] - center : 0.0;
        squares += deviation * deviation;
    }
    return Moments(count, center, squares);
}

Moments of_slice(uint s) {
    const uint rows = min(p.slice_rows, p.M - s * p.slice_rows);
    return Moments(float(rows), partials[partial(s, 0)], partials[partial(s, 1)]);
}

void main() {
    Moments mine = Moments(0, 0, 0);
    const uint step = lanes() * (of_partials ? 1 : block);
    for (uint m = begin_of_rows() + lane(); m < end_of_rows(); m += step) {
        if (of_partials) mine = merge(mine, of_slice(m));
        else mine = merge(mine, of_rows(m, end_of_rows()));
    }

    const uint me = gl_LocalInvocationIndex;
    moments[me] = mine;
    barrier();
    for (uint half_lanes = lanes() / 2; half_lanes > 0; half_lanes /= 2) {
        if (lane() < half_lanes) moments[me] = merge(moments[me], moments[me + half_lanes * p.width]);
        barrier();
    }
    if (!writes_result()) return;

    const Moments all = moments[me];
    if (!is_last_run()) {
        partials[partial(slice(), 0)] = all.mean;
        partials[partial(slice(), 1)] = all.squares;
        return;
    }
    const uint c = channel();
    const float biased = all.squares / float(p.M);
    mean[c] = all.mean;
    variance[c] = biased;
    if (p.optional != 0) {
        moving_mean[c] = p.momentum * moving_mean[c] + p.one_minus_momentum * all.mean;
        moving_variance[c] = p.momentum * moving_variance[c] + p.one_minus_momentum * biased;
    }
}
