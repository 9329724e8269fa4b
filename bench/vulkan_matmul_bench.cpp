// The product of two square matrices on the first Vulkan device: an element by each invocation, then tiles in shared
// memory, then blocks in registers. A software driver checks the rungs as well, but has no memory that is nearer than
// another: there, the second rung is slower than the first.
#include "ladder/ladder.h"
#include "ladder/vulkan_matmul/matmul.h"

namespace cairn::bench {
namespace {

Ladder square(std::int64_t n) {
    const Device gpu = Device::vulkan();
    const Tensor a = noise({n, n}, gpu, 1), b = noise({n, n}, gpu, 2), first = empty_like(a), second = empty_like(a),
                 third = empty_like(a);
    const Tensor slow_a = to_device(a, slow), slow_b = to_device(b, slow), reference = empty_like(slow_a);
    const auto on_gpu = [=](const auto& multiply) {
        return [=] {
            multiply();
            backend(gpu).synchronize();
        };
    };
    return {.rungs = {{[=] { backend(slow).matmul(slow_a, false, slow_b, false, reference, false); }, reference},
                      {on_gpu([=] { vulkan_matmul(MatmulRung::naive, a, b, first); }), first},
                      {on_gpu([=] { vulkan_matmul(MatmulRung::tiled, a, b, second); }), second},
                      {on_gpu([=] { backend(gpu).matmul(a, false, b, false, third, false); }), third}},
            .flops = 2.0 * static_cast<double>(n * n * n)};
}

const bool added = [] {
    if (vulkan_devices().empty()) return false;
    for (const std::int64_t n : {128, 256, 512, 1024})
        add_ladder(fmt::format("matmul/{}", n), {"reference", "naive", "tiled", "vulkan"}, [=] { return square(n); });
    return true;
}();

}  // namespace
}  // namespace cairn::bench
