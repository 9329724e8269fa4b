// y[i] = op(a[…], b[…])      a and b are broadcast to y's shape; y may be a or b
//   op: add, sub, mul, div, maximum, minimum, greater_equal
//
// y's axes are listed innermost first, those along which a and b move alike put together: equal shapes are one axis, a
// bias' addition two. An operand that is repeated along an axis has the stride 0 there.
#version 450
#include "elements.glsl"

layout(constant_id = 0) const uint op = 0;

layout(binding = 0) readonly buffer A { float a[]; };
layout(binding = 1) readonly buffer B { float b[]; };
layout(binding = 2) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n, axes;
    uint size[6], stride_a[6], stride_b[6];
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    uint rest = i, at_a = 0, at_b = 0;
    for (uint axis = 0; axis + 1 < p.axes; ++axis) {
        const uint coordinate = rest % p.size[axis];
        rest /= p.size[axis];
        at_a += coordinate * p.stride_a[axis];
        at_b += coordinate * p.stride_b[axis];
    }
    if (p.axes > 0) {
        at_a += rest * p.stride_a[p.axes - 1];
        at_b += rest * p.stride_b[p.axes - 1];
    }

    precise float result = 0;
    switch (op) {
        case 0: result = a[at_a] + b[at_b]; break;
        case 1: result = a[at_a] - b[at_b]; break;
        case 2: result = a[at_a] * b[at_b]; break;
        case 3: result = a[at_a] / b[at_b]; break;
        case 4: result = is_larger(b[at_b], a[at_a]) ? b[at_b] : a[at_a]; break;
        case 5: result = is_nan(b[at_b]) || (!is_nan(a[at_a]) && b[at_b] < a[at_a]) ? b[at_b] : a[at_a]; break;
        case 6: result = !is_nan(a[at_a]) && !is_nan(b[at_b]) && a[at_a] >= b[at_b] ? 1.0 : 0.0; break;
    }
    y[i] = result;
}
