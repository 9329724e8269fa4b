#include "core/host_allocator.h"

#include "core/error.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace cairn {

HostAllocator::~HostAllocator() {
    for (auto& [size, blocks] : free_)
        for (std::byte* block : blocks) ::operator delete (block, std::align_val_t{alignment});
}

std::size_t HostAllocator::size_class(std::size_t bytes) {
    const std::size_t wanted = std::max(bytes, alignment);
    // Eight classes between two powers of two.
    const std::size_t step = std::max(alignment, std::bit_floor(wanted) / 8);
    return (wanted + step - 1) / step * step;
}

Block HostAllocator::allocate(std::size_t bytes) {
    const std::size_t size = size_class(bytes);
    const std::lock_guard lock(mutex_);
    std::vector<std::byte*>& cached = free_[size];
    std::byte* address = nullptr;
    if (!cached.empty()) {
        address = cached.back();
        cached.pop_back();
    } else {
        address = static_cast<std::byte*>(::operator new (size, std::align_val_t{alignment}, std::nothrow));
        check(address != nullptr, "out of memory: {} bytes were asked for while {} are in use; use a smaller batch",
              size, stats_.in_use);
        cached.reserve(64);  // so that release, which must not throw, seldom needs to grow the list
        stats_.reserved += size;
        ++stats_.system_allocations;
    }
    stats_.in_use += size;
    stats_.peak_in_use = std::max(stats_.peak_in_use, stats_.in_use);
    return Block{.host = address, .handle = nullptr, .offset = 0, .bytes = size};
}

void HostAllocator::release(const Block& block) noexcept {
    const std::lock_guard lock(mutex_);
    stats_.in_use -= block.bytes;
    try {
        free_[block.bytes].push_back(block.host);
    } catch (const std::bad_alloc&) {  // no room for the list: give the block back to the system
        ::operator delete (block.host, std::align_val_t{alignment});
        stats_.reserved -= block.bytes;
    }
}

void HostAllocator::upload(const Block& to, std::size_t offset, const void* from, std::size_t bytes) {
    if (bytes > 0) std::memcpy(to.host + offset, from, bytes);
}

void HostAllocator::download(const Block& from, std::size_t offset, void* to, std::size_t bytes) {
    if (bytes > 0) std::memcpy(to, from.host + offset, bytes);
}

MemoryStats HostAllocator::stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
}

}  // namespace cairn
