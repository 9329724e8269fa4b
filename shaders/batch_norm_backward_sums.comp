// sums (2, C) = dbeta, dgamma; and dbeta, dgamma (C) where they are wanted:      x, dy (M, C); mean, variance (C)
//   dbeta[c] = sum over m of dy[m,c]
//   dgamma[c] = sum over m of dy[m,c] (x[m,c] - mean[c]) / sqrt(variance[c] + epsilon)
#version 450
#include "channels.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 2) readonly buffer Mean { float mean[]; };
layout(binding = 3) readonly buffer Variance { float variance[]; };
layout(binding = 4) buffer Partials { float partials[]; };  // (slices, 2, C), the second without the root
layout(binding = 5) writeonly buffer Sums { float sums[]; };
layout(binding = 6) writeonly buffer Dgamma { float dgamma[]; };
layout(binding = 7) writeonly buffer Dbeta { float dbeta[]; };

void main() {
    const uint c = channel();
    const float center = c < p.C ? mean[c] : 0.0;
    float dy_of_mine = 0, products_of_mine = 0;
    for (uint m = begin_of_rows() + lane(); m < end_of_rows(); m += lanes()) {
        if (of_partials) {
            dy_of_mine += partials[partial(m, 0)];
            products_of_mine += partials[partial(m, 1)];
        } else {
            const float d = dy[m * p.C + c];
            dy_of_mine += d;
            products_of_mine += d * (x[m * p.C + c] - center);
        }
    }
    const float sum_dy = sum_over_lanes(dy_of_mine, lane(), lanes(), p.width);
    const float sum_products = sum_over_lanes(products_of_mine, lane(), lanes(), p.width);
    if (!writes_result()) return;

    if (!is_last_run()) {
        partials[partial(slice(), 0)] = sum_dy;
        partials[partial(slice(), 1)] = sum_products;
        return;
    }
    const float sum_dy_xhat = sum_products / sqrt(variance[c] + p.epsilon);
    sums[c] = sum_dy;
    sums[p.C + c] = sum_dy_xhat;
    if ((p.optional & 1u) != 0) dgamma[c] = sum_dy_xhat;
    if ((p.optional & 2u) != 0) dbeta[c] = sum_dy;
}
