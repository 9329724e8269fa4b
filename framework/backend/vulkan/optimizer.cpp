// The updates of the parameters, one dispatch for all of them, and the check that gates them.
#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

void VulkanBackend::all_finite(const Tensor& x, const Tensor& flag) {
    if (!tally_.defined()) {
        tally_ = Tensor::empty({}, DType::int32, allocator());
        fill(tally_, 0);
    }
    constexpr std::int64_t per_invocation = 16, most_groups = 1024;  // the shader counts up to 65535 groups
    const std::int64_t groups = std::min(x.size() / (group_size * per_invocation) + 1, most_groups);
    const struct { std::uint32_t n; } push{size_of(x)};
    launch(*context_, {"all_finite", {reads(x), writes(flag), updates(tally_)}, {narrow(groups)}}, push);
}

void VulkanBackend::adam(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v,
                         const Tensor& w, const Tensor& gate) {
    // 1 - beta is taken in double: in float32 it would be off by 1e-5.
    const struct {
        std::uint32_t n, gated;
        float step_size, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon;
    } push{size_of(w),
           gate.defined(),
           static_cast<float>(step.step_size),
           static_cast<float>(step.beta1),
           static_cast<float>(1 - step.beta1),
           static_cast<float>(step.beta2),
           static_cast<float>(1 - step.beta2),
           static_cast<float>(step.epsilon)};
    launch(*context_,
           {"adam", {reads(gradient), updates(m), updates(v), updates(w), reads(gate)}, groups_for_elements(w.size())},
           push);
}

void VulkanBackend::sgd(const SgdStep& step, const Tensor& gradient, const Tensor& velocity, const Tensor& w,
                        const Tensor& gate) {
    const struct {
        std::uint32_t n, gated;
        float learning_rate, momentum;
        std::uint32_t nesterov;
    } push{size_of(w), gate.defined(), static_cast<float>(step.learning_rate), static_cast<float>(step.momentum),
           step.nesterov};
    launch(*context_,
           {"sgd", {reads(gradient), updates(velocity), updates(w), reads(gate)}, groups_for_elements(w.size())}, push);
}

}  // namespace cairn
