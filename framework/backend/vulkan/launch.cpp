#include "cairn/backend/vulkan/launch.h"

#include "cairn/backend/vulkan/context.h"

#include <algorithm>

namespace cairn::vulkan {

namespace {

constexpr std::uint32_t max_groups = 65535;  // in each dimension; every device allows as many

// The tensor that a shader gets bound for an operand: the operand's own, or a copy of one that starts where no buffer may.
struct Bound {
    Tensor tensor;
    bool copied = false;
};

Bound bind(Context& context, const Operand& operand) {
    const Tensor& x = operand.tensor;
    if (!x.defined() || range_of(x).offset % context.gpu.traits.alignment_of_buffers == 0) return {x};
    const Tensor aligned = Tensor::empty(x.shape(), x.dtype(), x.allocator());
    // A shader that writes may leave elements as they are, so the copy begins with all of them.
    copy(context, x, aligned);
    return {aligned, true};
}

}  // namespace

Groups groups_for(std::int64_t n, std::int64_t size) {
    const std::int64_t groups = (n + size - 1) / size;
    const std::int64_t rows = (groups + max_groups - 1) / max_groups;
    if (rows <= 1) return {static_cast<std::uint32_t>(groups), 1, 1};
    return {static_cast<std::uint32_t>((groups + rows - 1) / rows), static_cast<std::uint32_t>(rows), 1};
}

void copy(Context& context, const Tensor& x, const Tensor& y) {
    if (x.size() == 0 || x.same_memory(y)) return;
    Range from = range_of(x), to = range_of(y);
    from.bytes = to.bytes = x.bytes();
    context.recorder.copy(from, to);
}

void launch(Context& context, const Launch& what, const void* push, std::size_t push_bytes) {
    const Groups groups = what.groups;
    if (groups.x == 0 || groups.y == 0 || groups.z == 0) return;
    invariant(std::max({groups.x, groups.y, groups.z}) <= max_groups, "{}: {} x {} x {} groups", what.shader, groups.x,
              groups.y, groups.z);
    const Recording recording(context);
    if (context.pipelines.many_sets()) {
        context.recorder.synchronize();
        context.pipelines.forget_sets();
    }

    std::vector<Bound> bounds;
    std::vector<VkDescriptorBufferInfo> buffers;
    std::vector<MemoryUse> uses;
    for (const Operand& operand : what.operands) {
        bounds.push_back(bind(context, operand));
        const Tensor& x = bounds.back().tensor;
        const bool writes = operand.access != Access::read;
        // No shader touches a dummy, but synchronization validation goes by what a shader declares.
        const Range range = !x.defined() || x.size() == 0 ? context.dummy(writes) : range_of(x);
        buffers.push_back({range.block->buffer, range.offset, range.bytes});
        uses.push_back(range.use(writes));
    }

    const auto bindings = static_cast<std::uint32_t>(buffers.size());
    Dispatch dispatch{};
    dispatch.name = what.shader;
    dispatch.pipeline = context.pipelines.pipeline(what.shader, what.constants, bindings);
    dispatch.layout = context.pipelines.layout(bindings).pipeline;
    dispatch.set = context.pipelines.descriptor_set(buffers);
    dispatch.groups = {groups.x, groups.y, groups.z};
    dispatch.push = push;
    dispatch.push_bytes = push_bytes;
    const bool waited = context.recorder.dispatch(dispatch, uses);
    if (context.on_launch) {
        std::size_t bytes = 0;
        for (const VkDescriptorBufferInfo& buffer : buffers) bytes += buffer.range;
        context.on_launch(what, push, bytes, waited);
    }

    for (std::size_t k = 0; k < bounds.size(); ++k)
        if (bounds[k].copied && what.operands[k].access != Access::read)
            copy(context, bounds[k].tensor, what.operands[k].tensor);
}

}  // namespace cairn::vulkan
