#include "ladder/vulkan_matmul/matmul.h"

#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn::bench {

namespace {

constexpr std::uint32_t naive[] = {
#include "shaders/naive.inc"
};
constexpr std::uint32_t tiled[] = {
#include "shaders/tiled.inc"
};

}  // namespace

void vulkan_matmul(MatmulRung rung, const Tensor& a, const Tensor& b, const Tensor& c) {
    using namespace vulkan;
    Context& context = static_cast<VulkanBackend&>(backend(c)).context();
    struct {
        std::uint32_t M, N, K;
    } push{narrow(c.dim(0)), narrow(c.dim(1)), narrow(a.dim(1))};
    const bool first = rung == MatmulRung::naive;
    const Shader shader =
        first ? Shader{"matmul_naive", naive, sizeof naive} : Shader{"matmul_tiled", tiled, sizeof tiled};
    context.pipelines.add(shader);
    launch(context,
           {shader.name.data(),
            {reads(a), reads(b), writes(c)},
            first ? groups_for_elements(c.size()) : groups_for_pieces(divide_up(push.M, 8) * divide_up(push.N, 8))},
           push);
}

}  // namespace cairn::bench
