// How a kernel's host side starts a shader: one launch() names the shader, its buffers with what it does to each, its push
// constants and the number of workgroups. The recorder appends it to the open command buffer, after the barriers that the
// accesses call for.
#pragma once

#include "cairn/core/tensor.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace cairn::vulkan {

class Context;  // a device with everything that kernels need: memory, pipelines, the recorder. context.h

enum class Access { read, write, read_write };

// One buffer binding: a tensor and what the shader does to it. An undefined tensor is bound to a small dummy buffer; the
// shader is told by a constant not to use it. A tensor that starts where the device cannot bind a buffer (see
// minStorageBufferOffsetAlignment) is copied to scratch before the launch and back after it.
struct Operand {
    Tensor tensor;
    Access access;
};
inline Operand reads(const Tensor& x) { return {x, Access::read}; }
inline Operand writes(const Tensor& y) { return {y, Access::write}; }
inline Operand updates(const Tensor& y) { return {y, Access::read_write}; }

struct Groups {
    std::uint32_t x = 1, y = 1, z = 1;
};
// Enough groups of `size` invocations for n elements in one dimension, spread over x and y where n exceeds the limit of x
// (65535 groups). The shader's element is flat_index() of include/common.glsl, which may be n or more.
Groups groups_for(std::int64_t n, std::int64_t size);

struct Launch {
    const char* shader;             // "max_pool2d": shaders/max_pool2d.comp
    std::vector<Operand> operands;  // bindings 0, 1, … of set 0
    Groups groups;
    std::vector<std::uint32_t> constants = {};  // specialization constants, ids 0, 1, …
};

void launch(Context& context, const Launch& what, const void* push, std::size_t push_bytes);

// With push constants: a struct laid out as the shader's push_constant block (std430), at most 128 bytes.
template <typename Push>
void launch(Context& context, const Launch& what, const Push& push) {
    static_assert(sizeof(Push) <= 128 && sizeof(Push) % 4 == 0);
    launch(context, what, &push, sizeof(Push));
}

// y = x: the same number of bytes, wherever they lie; no shader, the driver's own copy.
void copy(Context& context, const Tensor& x, const Tensor& y);

}  // namespace cairn::vulkan
