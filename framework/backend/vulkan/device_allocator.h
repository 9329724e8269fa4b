// DeviceAllocator: the memory of a Vulkan device as core's Allocator.
#pragma once

#include "cairn/backend/vulkan/memory_pool.h"

namespace cairn::vulkan {

class Context;

// A range of context.uploads or context.downloads; may have to wait for earlier copies. Throws Error if there is none.
Block staging(Context& context, MemoryPool& pool, std::size_t bytes);

class DeviceAllocator final : public Allocator {
public:
    explicit DeviceAllocator(Context& context);

    Device device() const override;
    Block allocate(std::size_t bytes) override;
    void release(const Block& block) noexcept override;
    // Ordered with the kernels: the numbers are copied to staging memory now and to the device when its turn comes.
    void upload(const Block& to, std::size_t offset, const void* from, std::size_t bytes) override;
    void download(const Block& from, std::size_t offset, void* to, std::size_t bytes) override;
    MemoryStats stats() const override;

    // No more than this from the system, to try out what happens when memory is exhausted.
    void limit(std::size_t bytes) { pool_.limit(bytes); }

private:
    Context& context_;
    MemoryPool pool_;
};

}  // namespace cairn::vulkan
