#include "cairn/backend/vulkan/context.h"

#include <cstdlib>

namespace cairn::vulkan {

namespace {

// The contexts that there are. backend() never destroys its own, but a program must not end while the driver's threads still
// run its kernels.
std::vector<Context*>& contexts() {
    static std::vector<Context*>& all = *new std::vector<Context*>;
    return all;
}

void wait_at_exit() {
    static const int once = std::atexit([] {
        for (Context* each : contexts()) {
            each->gpu.vk.DeviceWaitIdle(each->gpu.handle);
            each->pipelines.save_cache();
        }
    });
    static_cast<void>(once);
}

}  // namespace

Context::Context(int index)
    : gpu(index),
      pipelines(gpu),
      uploads(gpu, MemoryPool::Kind::upload),
      downloads(gpu, MemoryPool::Kind::download),
      recorder(gpu),
      allocator(*this),
      dummies_(uploads.allocate((1 + write_dummies) * MemoryPool::alignment).value()) {
    contexts().push_back(this);
    wait_at_exit();
}

Context::~Context() {
    std::erase(contexts(), this);
    recorder.synchronize();
}

Range Context::dummy(bool writes) {
    const std::size_t index = writes ? 1 + next_dummy_++ % write_dummies : 0;
    return {static_cast<MemoryBlock*>(dummies_.handle), dummies_.offset + index * MemoryPool::alignment,
            MemoryPool::alignment};
}

Range range_of(const Tensor& x) {
    const Block& block = x.block();
    const std::size_t words = (x.bytes() + 3) / 4;
    return {static_cast<MemoryBlock*>(block.handle), block.offset + x.byte_offset(), 4 * words};
}

}  // namespace cairn::vulkan
