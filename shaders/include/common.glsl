// What every shader begins with.
#ifndef CAIRN_COMMON
#define CAIRN_COMMON

#extension GL_EXT_control_flow_attributes : enable

const uint group_size = 128;  // invocations of a workgroup, but for the products: what every device offers; as in kernels.h

// Which workgroup this is, where they are spread over x and y (groups_for() of framework/backend/vulkan/launch.h). It may lie
// behind the last that has work: compare with the count.
uint flat_group() { return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x; }

// The invocation's element, where one invocation computes one element. It may lie behind the last element, too.
// A macro, since a function that stands before the shader's layout(local_size_x = …) would be compiled with a size of 1.
#define flat_index() (flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationIndex)

#endif
