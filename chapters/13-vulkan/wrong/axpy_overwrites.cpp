// part: axpy
// y's own numbers are lost: y = a x, where it should be a x + y.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string axpy_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; float a; };

void main() {
    const uint step = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) y[i] = a * x[i];
}
)";
}

}  // namespace exercise
