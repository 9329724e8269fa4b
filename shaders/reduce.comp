// y[r] = scale * (the sum, the sum of squares, or the maximum) over k of x[r, k], see axes.glsl
//
// Few results of many elements leave most of a device idle, so their elements are cut into slices: this shader writes
// partial results (slices, results), and runs again over those.
#version 450
#include "lanes.glsl"
#include "axes.glsl"

layout(constant_id = 0) const uint op = 0;
const uint sum = 0, sum_of_squares = 1, maximum = 2;

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };

void main() {
    const Share s = share_of_axes();
    const uint first = kept_offset(s.result);
    float mine = op == maximum ? negative_infinity() : 0.0;
    for (uint k = s.begin + s.lane; k < s.end; k += s.lanes) {
        const float value = x[first + reduced_offset(k)];
        switch (op) {
            case sum: mine += value; break;
            case sum_of_squares: mine += value * value; break;
            case maximum: mine = lane_max(mine, value); break;
        }
    }

    const float result = op == maximum ? max_over_lanes(mine, s.lane, s.lanes, p.lane_step)
                                       : sum_over_lanes(mine, s.lane, s.lanes, p.lane_step);
    if (s.lane == 0 && s.result < p.results && s.slice < p.slices)
        y[s.slice * p.results + s.result] = op == maximum ? result : p.scale * result;
}
