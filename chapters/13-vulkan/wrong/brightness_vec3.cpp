// part: brightness
// x is declared as vec3: in a buffer (std430) each of those begins at a multiple of 16 bytes, so the fourth float is skipped.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string brightness_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { vec3 x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < n) y[i] = dot(vec3(0.299, 0.587, 0.114), x[i]);
}
)";
}

}  // namespace exercise
