// dx[i] = dy[i] f'(x[i]), with x or y = f(x), whichever the formula reads:      all (n); dx may be dy
// The formulas stand beside elementwise_backward in framework/backend/backend.h.
#version 450
#include "elements.glsl"
#include "functions.glsl"

layout(constant_id = 0) const uint op = 0;

layout(binding = 0) readonly buffer XorY { float x_or_y[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 2) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push {
    uint n;
    float a;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const float v = x_or_y[i], d = dy[i];
    if (op >= 5 && op != 14 && is_nan(v)) {  // relu and leaky_relu ask whether y > 0, and NaN is not
        dx[i] = op == 6 && p.a == 0 ? 0.0 : v;
        return;
    }
    precise float result = 0;
    switch (op) {
        case 0: result = d * v; break;
        case 1: result = d / v; break;
        case 2: result = d / (2 * v); break;
        case 3: result = 2 * d * v; break;
        case 4: result = is_positive(v) ? d : 0.0; break;
        case 5: result = v > 0 ? d : v < 0 ? -d : 0.0; break;
        case 6: result = p.a == 0 ? 0.0 : d * p.a * power(v, p.a - 1); break;
        case 7: result = -d * p.a / (v * v); break;
        case 8: result = d * v * (1 - v); break;
        case 9: result = d * (1 - v) * (1 + v); break;
        case 10: result = d * (normal(v).x + v * normal(v).y); break;
        case 11: {
            const vec2 u2 = gelu_argument(v);
            result = d * sigmoid(u2.x) * (1 + v * sigmoid(-u2.x) * u2.y);
            break;
        }
        case 12: result = d * sigmoid(v) * (1 + v * sigmoid(-v)); break;
        case 13: result = v > 0 ? d : d * p.a * exp_nonpositive(min(v, 0.0)); break;
        case 14: result = is_positive(v) ? d : p.a * d; break;
        case 15: result = d * sigmoid(v); break;
    }
    dx[i] = result;
}
