// part: shaders_backward
// dx's shader has no barrier between the partial sums and the tree.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

std::string rms_norm_dx_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Gain { float gain[]; };
layout(binding = 2) readonly buffer R { float r[]; };
layout(binding = 3) readonly buffer Dy { float dy[]; };
layout(binding = 4) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push { uint rows, columns; float epsilon; };
shared float sums[64];

void main() {
    const uint row = gl_WorkGroupID.x, lane = gl_LocalInvocationID.x, begin = row * columns;
    float sum = 0;
    for (uint c = lane; c < columns; c += 64) sum += gain[c] * dy[begin + c] * x[begin + c];
    sums[lane] = sum;
    for (uint half_ = 32; half_ > 0; half_ /= 2) {
        if (lane < half_) sums[lane] += sums[lane + half_];
        barrier();
    }
    const float inverse = r[row], factor = sums[0] * inverse * inverse * inverse / columns;
    for (uint c = lane; c < columns; c += 64) dx[begin + c] = gain[c] * dy[begin + c] * inverse - x[begin + c] * factor;
}
)";
}

}  // namespace exercise
