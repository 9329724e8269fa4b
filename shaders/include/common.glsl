// What every shader begins with.
#ifndef CAIRN_COMMON
#define CAIRN_COMMON

#extension GL_EXT_control_flow_attributes : enable

// The invocation's element, where one invocation computes one element and the groups are spread over x and y
// (groups_for() of framework/backend/vulkan/launch.h). It may lie behind the last element: compare with the count.
// A macro, since a function that stands before the shader's layout(local_size_x = …) would be compiled with a size of 1.
#define flat_index() \
    ((gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x + gl_LocalInvocationIndex)

#endif
