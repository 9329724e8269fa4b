#include "cairn/backend/vulkan/device_allocator.h"

#include "cairn/backend/vulkan/context.h"

#include <algorithm>
#include <cstring>

namespace cairn::vulkan {

namespace {

// Longer copies between host and device go in pieces, so that staging memory stays small.
constexpr std::size_t piece = std::size_t{8} << 20;

double MiB(std::size_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

Range part(const Block& block, std::size_t offset, std::size_t bytes) {
    return {static_cast<MemoryBlock*>(block.handle), block.offset + offset, bytes};
}

}  // namespace

Block staging(Context& context, MemoryPool& pool, std::size_t bytes) {
    std::optional<Block> range = pool.allocate(bytes);
    if (!range) {  // what is in flight holds some
        context.recorder.synchronize();
        range = pool.allocate(bytes);
    }
    check(range.has_value(), "out of memory for copies between host and GPU ({:.0f} MiB); use a smaller --batch-size",
          MiB(pool.stats().reserved));
    return *range;
}

DeviceAllocator::DeviceAllocator(Context& context) : context_(context), pool_(context.gpu, MemoryPool::Kind::device) {}

Device DeviceAllocator::device() const { return Device::vulkan(context_.gpu.index); }

Block DeviceAllocator::allocate(std::size_t bytes) {
    const std::lock_guard lock(context_.mutex);
    const Gpu& gpu = context_.gpu;
    check(bytes <= gpu.limits.maxStorageBufferRange,
          "a tensor of {:.0f} MiB is too large for {}, which allows {:.0f} MiB (maxStorageBufferRange); use a smaller "
          "--batch-size",
          MiB(bytes), gpu.info.name, MiB(gpu.limits.maxStorageBufferRange));
    std::optional<Block> range = pool_.allocate(bytes);
    if (!range) {
        // Cached ranges of other sizes may fill whole blocks: give those back and ask once more.
        context_.recorder.synchronize();
        context_.pipelines.forget_sets();
        pool_.trim();
        range = pool_.allocate(bytes);
    }
    check(range.has_value(),
          "the memory of {} is exhausted: {:.0f} MiB were asked for while {:.0f} MiB are in use; use a smaller "
          "--batch-size",
          gpu.info.name, MiB(bytes), MiB(pool_.stats().in_use));
    return *range;
}

void DeviceAllocator::release(const Block& block) noexcept {
    const std::lock_guard lock(context_.mutex);
    pool_.release(block);
}

void DeviceAllocator::upload(const Block& to, std::size_t offset, const void* from, std::size_t bytes) {
    const Recording recording(context_);
    for (std::size_t done = 0; done < bytes; done += piece) {
        const std::size_t size = std::min(piece, bytes - done);
        const Block staged = staging(context_, context_.uploads, size);
        std::memcpy(staged.host, static_cast<const std::byte*>(from) + done, size);
        context_.recorder.copy(part(staged, 0, size), part(to, offset + done, size));
        context_.recorder.release_after(context_.uploads, staged);
        if (size == piece)
            context_.recorder.submit();  // so that a few pieces are in flight and their memory comes back
    }
}

void DeviceAllocator::download(const Block& from, std::size_t offset, void* to, std::size_t bytes) {
    const std::lock_guard lock(context_.mutex);
    for (std::size_t done = 0; done < bytes; done += piece) {
        const std::size_t size = std::min(piece, bytes - done);
        const Block staged = staging(context_, context_.downloads, size);
        context_.recorder.copy(part(from, offset + done, size), part(staged, 0, size));
        context_.recorder.wait(context_.recorder.open());
        std::memcpy(static_cast<std::byte*>(to) + done, staged.host, size);
        context_.downloads.release(staged);
    }
}

MemoryStats DeviceAllocator::stats() const {
    const std::lock_guard lock(context_.mutex);
    return pool_.stats();
}

}  // namespace cairn::vulkan
