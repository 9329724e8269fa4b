// Allocator: where a device's tensors and its kernels' scratch memory come from. Tensor knows only this interface, so
// that core does not know any backend.
#pragma once

#include "cairn/core/device.h"

#include <cstddef>
#include <cstdint>

namespace cairn {

// A range of memory that an Allocator handed out.
struct Block {
    std::byte* host =
        nullptr;             // its address, where the host can reach it; nullptr for memory that only the device sees
    void* handle = nullptr;  // the device's own name of the memory it was cut from; nullptr on the host
    std::size_t offset = 0;  // bytes from the start of `handle`
    std::size_t bytes = 0;
};

struct MemoryStats {
    std::size_t in_use = 0;                // bytes handed out and not released
    std::size_t peak_in_use = 0;           // the largest in_use so far
    std::size_t reserved = 0;              // bytes obtained from the system, cached ones included
    std::uint64_t system_allocations = 0;  // how often the system was asked; constant in a steady-state training step
};

class Allocator {
public:
    Allocator() = default;
    Allocator(const Allocator&) = delete;
    Allocator& operator=(const Allocator&) = delete;
    virtual ~Allocator() = default;

    virtual Device device() const = 0;

    // A block of at least `bytes` bytes, not initialized, aligned for any kernel. Throws Error when memory is
    // exhausted.
    virtual Block allocate(std::size_t bytes) = 0;
    virtual void release(const Block& block) noexcept = 0;

    // Host -> device and device -> host copies at `offset` bytes inside the block. `download` waits until the kernels
    // that write the block have finished.
    virtual void upload(const Block& to, std::size_t offset, const void* from, std::size_t bytes) = 0;
    virtual void download(const Block& from, std::size_t offset, void* to, std::size_t bytes) = 0;

    virtual MemoryStats stats() const = 0;
};

}  // namespace cairn
