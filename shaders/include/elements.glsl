// What the shaders share in which one invocation computes one element.
#include "common.glsl"
#include "numbers.glsl"

layout(local_size_x = group_size) in;
