// y[i] = f(x[i])      x, y (n); y may be x; the operations and their number a: framework/backend/elementwise.h
#version 450
#include "elements.glsl"
#include "functions.glsl"

layout(constant_id = 0) const uint op = 0;

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n;
    float a;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const float v = x[i];
    if (op >= 5 && is_nan(v)) {  // behind relu; a compiler may take it that there is no NaN in the formulas
        y[i] = op == 6 && p.a == 0 ? 1.0 : v;
        return;
    }
    precise float result = 0;
    switch (op) {
        case 0: result = exp(v); break;
        case 1: result = log(v); break;
        case 2: result = sqrt(v); break;
        case 3: result = v * v; break;
        case 4: result = relu(v); break;
        case 5: result = abs(v); break;
        case 6: result = power(v, p.a); break;
        case 7: result = p.a / v; break;
        case 8: result = sigmoid(v); break;
        case 9: result = hyperbolic_tangent(v); break;
        case 10: result = v * normal(v).x; break;
        case 11: result = v * sigmoid(gelu_argument(v).x); break;
        case 12: result = v * sigmoid(v); break;
        case 13: result = v < 0 ? p.a * expm1_nonpositive(min(v, 0.0)) : v; break;
        case 14: result = v < 0 ? p.a * v : v; break;
        case 15: result = softplus(v); break;
    }
    y[i] = result;
}
