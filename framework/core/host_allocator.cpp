#include "cairn/core/host_allocator.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cairn {

namespace {

constexpr std::size_t huge_page = 2 * 1024 * 1024;

std::size_t alignment_of(std::size_t size) { return size >= huge_page ? huge_page : HostAllocator::alignment; }

// Memory from the system, or nullptr. A large block lies on huge pages where the system has them: a pass over 4 KB pages
// stops at the end of each, because the processor fetches ahead within a page only.
std::byte* obtain(std::size_t size) {
    void* address =
        nullptr;  // not by operator new, where a program may end at once: what asked for a tensor can be told
    if (::posix_memalign(&address, alignment_of(size), size) != 0) return nullptr;
#if defined(MADV_HUGEPAGE)
    if (size >= huge_page) madvise(address, size, MADV_HUGEPAGE);  // advice: it may well fail
#endif
    return static_cast<std::byte*>(address);
}

}  // namespace

HostAllocator::~HostAllocator() {
    for (auto& [size, blocks] : free_)
        for (std::byte* block : blocks) std::free(block);
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
        address = obtain(size);
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
        std::free(block.host);
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
