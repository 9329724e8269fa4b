#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/reduce.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

void VulkanBackend::l2_penalty(const Tensor& w, double lambda, const Tensor& loss) {
    vulkan::reduce(*context_, ReduceOp::sum_of_squares, lambda, w, loss);
}

void VulkanBackend::l2_penalty_backward(const Tensor& w, double lambda, const Tensor& dloss, const Tensor& dw,
                                        bool accumulate) {
    const struct {
        std::uint32_t n, accumulate;
        float factor;
    } push{size_of(w), accumulate, static_cast<float>(2 * lambda)};
    launch(*context_, {"l2_penalty_backward", {reads(w), reads(dloss), updates(dw)}, groups_for_elements(w.size())},
           push);
}

}  // namespace cairn
