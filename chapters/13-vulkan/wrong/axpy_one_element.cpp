// part: axpy
// each invocation has a single element: with 4 workgroups of 64, those from 256 on stay as they are.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string axpy_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; float a; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < n) y[i] = a * x[i] + y[i];
}
)";
}

}  // namespace exercise
