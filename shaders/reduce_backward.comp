// dx[r, k] = scale * dy[r]      or, for the maximum: dy[r] at the first k with x[r, k] = y[r], else 0; see axes.glsl
//
// A maximum's elements are not cut into slices: the lanes that share a result agree on its argmax.
#version 450
#include "lanes.glsl"
#include "axes.glsl"

layout(constant_id = 0) const bool maximum = false;

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Y { float y[]; };
layout(binding = 2) readonly buffer Dy { float dy[]; };
layout(binding = 3) writeonly buffer Dx { float dx[]; };

const uint none = 0xffffffffu;
shared uint argmaxes[group_size];

// The first argmax of all lanes that share a result.
uint first_of_lanes(uint argmax, uint lane, uint lanes) {
    const uint me = gl_LocalInvocationIndex;
    argmaxes[me] = argmax;
    barrier();
    for (uint half_lanes = lanes / 2; half_lanes > 0; half_lanes /= 2) {
        if (lane < half_lanes) argmaxes[me] = min(argmaxes[me], argmaxes[me + half_lanes * p.lane_step]);
        barrier();
    }
    return argmaxes[me - lane * p.lane_step];
}

void main() {
    const Share s = share_of_axes();
    const uint first = kept_offset(s.result);

    uint argmax = none;
    if (maximum) {
        for (uint k = s.begin + s.lane; k < s.end; k += s.lanes) {
            if (is_equal(x[first + reduced_offset(k)], y[s.result])) {
                argmax = k;
                break;
            }
        }
        argmax = first_of_lanes(argmax, s.lane, s.lanes);
    }

    for (uint k = s.begin + s.lane; k < s.end; k += s.lanes) {
        const float d = dy[s.result];
        dx[first + reduced_offset(k)] = maximum ? (k == argmax ? d : 0.0) : p.scale * d;
    }
}
