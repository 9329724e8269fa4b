// HostAllocator: memory of the host, with a cache. A training step asks for the same sizes again and again; released
// blocks are kept by size class and handed out again, so that a steady-state step asks the system for nothing.
#pragma once

#include "cairn/core/allocator.h"

#include <map>
#include <mutex>
#include <vector>

namespace cairn {

class HostAllocator final : public Allocator {
public:
    explicit HostAllocator(Device device) : device_(device) {}
    ~HostAllocator() override;

    Device device() const override { return device_; }
    Block allocate(std::size_t bytes) override;
    void release(const Block& block) noexcept override;
    void upload(const Block& to, std::size_t offset, const void* from, std::size_t bytes) override;
    void download(const Block& from, std::size_t offset, void* to, std::size_t bytes) override;
    MemoryStats stats() const override;

    // The size class of a request: `bytes` rounded up so that at most an eighth is wasted (64 bytes at least).
    static std::size_t size_class(std::size_t bytes);

    static constexpr std::size_t alignment = 64;  // a cache line, and the widest vector registers

private:
    Device device_;
    mutable std::mutex mutex_;
    std::map<std::size_t, std::vector<std::byte*>> free_;  // size class -> blocks that wait for reuse
    MemoryStats stats_;
};

}  // namespace cairn
