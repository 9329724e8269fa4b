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

void VulkanBackend::optimizer_step(const UpdateStep& step, const Tensor& gradient, const Tensors& slots,
                                   const Tensor& w, const Tensor& gate) {
    struct {
        std::uint32_t n, gated;
        float learning_rate;
        float constants[4], rests[4];  // 1 - constant, taken in double
    } push{size_of(w), gate.defined(), static_cast<float>(step.learning_rate), {}, {}};
    for (std::size_t i = 0; i < step.constants.size(); ++i) {
        push.constants[i] = static_cast<float>(step.constants[i]);
        push.rests[i] = static_cast<float>(1 - step.constants[i]);
    }
    std::vector<Operand> operands{reads(gradient), updates(w), reads(gate)};
    for (std::size_t s = 0; s < update_rules::most_slots; ++s)
        operands.push_back(updates(s < slots.size() ? slots[s] : Tensor()));
    launch(*context_,
           {"optimizer_step", operands, groups_for_elements(w.size()), {static_cast<std::uint32_t>(step.rule)}}, push);
}

void VulkanBackend::weight_decay(double rate, const Tensor& mask, const Tensor& w, const Tensor& gate) {
    const struct {
        std::uint32_t n, gated, masked;
        float rate;
    } push{size_of(w), gate.defined(), mask.defined(), static_cast<float>(rate)};
    launch(*context_, {"weight_decay", {reads(mask), updates(w), reads(gate)}, groups_for_elements(w.size())}, push);
}

namespace {

// By the value where there are no squares.
void clip(Context& context, const Tensor& squares, double limit, const Tensor& x) {
    const struct {
        std::uint32_t n, by_norm;
        float limit;
    } push{size_of(x), squares.defined(), static_cast<float>(limit)};
    launch(context, {"clip", {reads(squares), updates(x)}, groups_for_elements(x.size())}, push);
}

}  // namespace

void VulkanBackend::clip_by_norm(const Tensor& squares, double limit, const Tensor& x) {
    clip(*context_, squares, limit, x);
}

void VulkanBackend::clip_by_value(double limit, const Tensor& x) { clip(*context_, Tensor(), limit, x); }

}  // namespace cairn
