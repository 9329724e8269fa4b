// Context: a device with everything that kernels need.
#pragma once

#include "cairn/backend/vulkan/device_allocator.h"
#include "cairn/backend/vulkan/gpu.h"
#include "cairn/backend/vulkan/launch.h"
#include "cairn/backend/vulkan/pipelines.h"
#include "cairn/backend/vulkan/recorder.h"
#include "cairn/core/tensor.h"

#include <functional>
#include <mutex>

namespace cairn::vulkan {

class Context {
public:
    explicit Context(int index);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    Gpu gpu;
    Pipelines pipelines;
    MemoryPool uploads;    // what the host writes and the device copies from
    MemoryPool downloads;  // what the device copies to and the host reads
    Recorder recorder;
    DeviceAllocator allocator;
    // What is bound in place of an absent tensor. One that a shader declares to write is another each time: were it always the
    // same, each such launch would wait for the one before.
    Range dummy(bool writes);

    // If set, is told of every launch: its push constants, the bytes of the buffers that are bound, and whether it waits for a
    // command before it.
    std::function<void(const Launch& what, const void* push, std::size_t bytes, bool waits)> on_launch;

    // Held by whoever uses any of these: tensors may be made, released and filled from several threads.
    std::recursive_mutex mutex;

private:
    static constexpr std::size_t write_dummies = 63;
    Block dummies_;  // one to read, and then those to write
    std::size_t next_dummy_ = 0;
};

// Locks the context, and counts the time as the host's time of recording while a profile is taken.
class Recording {
public:
    explicit Recording(Context& context) : lock_(context.mutex), time_(context.recorder.profiler()) {}

private:
    std::lock_guard<std::recursive_mutex> lock_;
    Profiler::Recording time_;
};

// Where a tensor lies, rounded up to whole words of 32 bits. The pool's ranges are whole words too.
Range range_of(const Tensor& x);

}  // namespace cairn::vulkan
