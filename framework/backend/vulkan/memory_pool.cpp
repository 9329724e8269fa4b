#include "cairn/backend/vulkan/memory_pool.h"

#include "cairn/core/host_allocator.h"

#include <algorithm>
#include <new>

namespace cairn::vulkan {

namespace {

constexpr std::size_t MiB = std::size_t{1} << 20;

std::size_t size_class(std::size_t bytes) {
    const std::size_t size = HostAllocator::size_class(bytes);
    return (size + MemoryPool::alignment - 1) / MemoryPool::alignment * MemoryPool::alignment;
}

constexpr VkMemoryPropertyFlags seen_by_host =
    VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;

VkMemoryPropertyFlags wanted_properties(MemoryPool::Kind kind) {
    if (kind == MemoryPool::Kind::device) return VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
    return kind == MemoryPool::Kind::upload ? seen_by_host : seen_by_host | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
}

VkMemoryPropertyFlags needed_properties(MemoryPool::Kind kind) {
    return kind == MemoryPool::Kind::device ? 0 : seen_by_host;
}

void destroy(const Gpu& gpu, const MemoryBlock& block) {
    gpu.vk.DestroyBuffer(gpu.handle, block.buffer, nullptr);
    gpu.vk.FreeMemory(gpu.handle, block.memory, nullptr);  // unmaps it
}

}  // namespace

MemoryPool::~MemoryPool() {
    for (const auto& block : blocks_) destroy(gpu_, *block);
}

std::optional<Block> MemoryPool::allocate(std::size_t bytes) {
    const std::size_t size = size_class(bytes);
    std::vector<Block>& cached = free_[size];
    Block range;
    if (!cached.empty()) {
        range = cached.back();
        cached.pop_back();
    } else {
        MemoryBlock* block = block_with_room(size);
        if (block == nullptr) return std::nullopt;
        range = {block->mapped == nullptr ? nullptr : block->mapped + block->cut, block, block->cut, size};
        block->cut += size;
        cached.reserve(64);  // so that release, which must not throw, seldom needs to grow the list
    }
    ++static_cast<MemoryBlock*>(range.handle)->live;
    stats_.in_use += size;
    stats_.peak_in_use = std::max(stats_.peak_in_use, stats_.in_use);
    return range;
}

void MemoryPool::release(const Block& range) noexcept {
    --static_cast<MemoryBlock*>(range.handle)->live;
    stats_.in_use -= range.bytes;
    try {
        free_[range.bytes].push_back(range);
    } catch (const std::bad_alloc&) {  // no room for the list: the range stays unused until its block goes
    }
}

void MemoryPool::trim() {
    const auto unused = [](const MemoryBlock& block) { return block.live == 0; };
    for (auto& [size, ranges] : free_)
        std::erase_if(ranges, [&](const Block& range) { return unused(*static_cast<MemoryBlock*>(range.handle)); });
    std::erase_if(blocks_, [&](const std::unique_ptr<MemoryBlock>& block) {
        if (!unused(*block)) return false;
        stats_.reserved -= block->size;
        destroy(gpu_, *block);
        return true;
    });
}

MemoryBlock* MemoryPool::block_with_room(std::size_t size) {
    for (const auto& block : blocks_)
        if (block->size - block->cut >= size) return block.get();
    // A quarter of what there is already, so that their number stays small; a large tensor gets a block of its own.
    const std::size_t least = kind_ == Kind::device ? 64 * MiB : 8 * MiB;
    const std::size_t usual = std::clamp(stats_.reserved / 4 / MiB * MiB, least, 1024 * MiB);
    MemoryBlock* block = size > usual / 4 ? nullptr : new_block(usual);
    return block != nullptr ? block : new_block(size);
}

MemoryBlock* MemoryPool::new_block(std::size_t size) {
    if (stats_.reserved + size > limit_) return nullptr;
    auto block = std::make_unique<MemoryBlock>();
    block->size = size;
    auto buffer_info = structure<VkBufferCreateInfo>(VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO);
    buffer_info.size = size;
    buffer_info.usage =
        VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    succeeded(gpu_.vk.CreateBuffer(gpu_.handle, &buffer_info, nullptr, &block->buffer), "vkCreateBuffer");

    VkMemoryRequirements needs;
    gpu_.vk.GetBufferMemoryRequirements(gpu_.handle, block->buffer, &needs);
    auto memory_info = structure<VkMemoryAllocateInfo>(VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO);
    memory_info.allocationSize = needs.size;
    // A full heap of device memory does not end a training that the processor's memory can hold, slower.
    VkResult result = VK_ERROR_OUT_OF_DEVICE_MEMORY;
    for (const std::uint32_t type :
         memory_types(gpu_.memory, needs.memoryTypeBits, wanted_properties(kind_), needed_properties(kind_))) {
        memory_info.memoryTypeIndex = type;
        result = gpu_.vk.AllocateMemory(gpu_.handle, &memory_info, nullptr, &block->memory);
        if (result != VK_ERROR_OUT_OF_DEVICE_MEMORY) break;
    }
    if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY) {
        gpu_.vk.DestroyBuffer(gpu_.handle, block->buffer, nullptr);
        return nullptr;
    }
    succeeded(result, "vkAllocateMemory");
    succeeded(gpu_.vk.BindBufferMemory(gpu_.handle, block->buffer, block->memory, 0), "vkBindBufferMemory");
    if (kind_ != Kind::device) {
        void* mapped = nullptr;
        succeeded(gpu_.vk.MapMemory(gpu_.handle, block->memory, 0, VK_WHOLE_SIZE, 0, &mapped), "vkMapMemory");
        block->mapped = static_cast<std::byte*>(mapped);
    }
    stats_.reserved += size;
    ++stats_.system_allocations;
    blocks_.push_back(std::move(block));
    return blocks_.back().get();
}

}  // namespace cairn::vulkan
