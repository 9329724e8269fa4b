//   without momentum: w = w - lr g
//   with momentum:    velocity = momentum velocity - lr g      w = w + velocity
//   nesterov:         velocity = momentum velocity - lr g      w = w + momentum velocity - lr g
// for all n parameters of the arenas at once; nothing changes where the gate is 0.
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer Gradient { float gradient[]; };
layout(binding = 1) buffer Velocity { float velocity[]; };
layout(binding = 2) buffer Weights { float w[]; };
layout(binding = 3) readonly buffer Gate { int gate; };
layout(push_constant) uniform Push {
    uint n, gated;
    float learning_rate, momentum;  // no velocity where the momentum is 0
    uint nesterov;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n || (p.gated != 0 && gate == 0)) return;
    const float descent = -p.learning_rate * gradient[i];
    float change = descent;
    if (p.momentum != 0) {
        const float speed = p.momentum * velocity[i] + descent;
        velocity[i] = speed;
        change = p.nesterov != 0 ? p.momentum * speed + descent : speed;
    }
    w[i] += change;
}
