#include "backend/vulkan/context.h"

namespace cairn::vulkan {

Context::Context(int index)
    : gpu(index),
      pipelines(gpu),
      uploads(gpu, MemoryPool::Kind::upload),
      downloads(gpu, MemoryPool::Kind::download),
      recorder(gpu),
      allocator(*this),
      dummy_range_(uploads.allocate(MemoryPool::alignment).value()) {
    dummy = static_cast<MemoryBlock*>(dummy_range_.handle);
}

Context::~Context() { recorder.synchronize(); }

Range range_of(const Tensor& x) {
    const Block& block = x.block();
    const std::size_t words = (x.bytes() + 3) / 4;
    return {static_cast<MemoryBlock*>(block.handle), block.offset + x.byte_offset(), 4 * words};
}

}  // namespace cairn::vulkan
