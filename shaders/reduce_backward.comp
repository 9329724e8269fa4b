#version 450
// dx[r, k] = scale * dy[r]      or, for the maximum: dy[r] at the first k with x[r, k] = y[r], else 0; see axes.glsl
//
// A maximum's elements are not cut into slices: the lanes that share a result agree on its first place.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : enable
#include "lanes.glsl"
#include "axes.glsl"

layout(local_size_x = 128) in;

layout(constant_id = 0) const bool maximum = false;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Y { float y[]; };
layout(std430, binding = 2) readonly buffer Dy { float dy[]; };
layout(std430, binding = 3) writeonly buffer Dx { float dx[]; };

const uint nowhere = 0xffffffffu;
shared uint places[group_size];

// The least place of all lanes that share a result.
uint first_place(uint place, uint lane, uint lanes) {
    const uint me = gl_LocalInvocationIndex;
    places[me] = place;
    barrier();
    for (uint half_lanes = lanes / 2; half_lanes > 0; half_lanes /= 2) {
        if (lane < half_lanes) places[me] = min(places[me], places[me + half_lanes * p.lane_step]);
        barrier();
    }
    return places[me - lane * p.lane_step];
}

void main() {
    const Share s = share_of_axes();
    const uint first = kept_offset(s.result);

    uint winner = nowhere;
    if (maximum) {
        for (uint k = s.begin + s.lane; k < s.end; k += s.lanes) {
            if (x[first + reduced_offset(k)] == y[s.result]) {
                winner = k;
                break;
            }
        }
        winner = first_place(winner, s.lane, s.lanes);
    }

    for (uint k = s.begin + s.lane; k < s.end; k += s.lanes) {
        const float d = dy[s.result];
        dx[first + reduced_offset(k)] = maximum ? (k == winner ? d : 0.0) : p.scale * d;
    }
}
