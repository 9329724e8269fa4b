// Batch normalization: x (..., C) is seen as M rows of C channels.
#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// shaders/include/channels.glsl
struct ChannelsPush {
    std::uint32_t M, C, width;
    std::uint32_t slices, slice_rows;
    float epsilon = 0, momentum = 0, one_minus_momentum = 0;
    std::uint32_t optional = 0;

    explicit ChannelsPush(const Tensor& x)
        : M(narrow(x.size() / x.dim(-1))), C(narrow(x.dim(-1))), width(power_of_two(C, 32)) {
        const Slices cut(M, group_size / width);
        slices = cut.count;
        slice_rows = cut.size;
    }
};

// Runs the shader over x's slices and, if there are several, over their partial results.
void run_over_rows(Context& context, const char* shader, const std::vector<Operand>& operands, ChannelsPush push) {
    launch(context, {shader, operands, groups_for_pieces(divide_up(push.C, push.width) * push.slices), {0}}, push);
    if (push.slices == 1) return;
    push.width = power_of_two(push.C, 8);
    launch(context, {shader, operands, groups_for_pieces(divide_up(push.C, push.width)), {1}}, push);
}

Tensor partials_of(const ChannelsPush& push, const Tensor& x) {
    return push.slices == 1 ? Tensor() : scratch({push.slices, 2, push.C}, x);
}

// The statistics of x, to mean and variance; the moving ones follow them where there are any.
void statistics(Context& context, const Tensor& x, const Tensor& mean, const Tensor& variance,
                const MovingStatistics& moving) {
    ChannelsPush push(x);
    push.momentum = static_cast<float>(moving.momentum);
    push.one_minus_momentum = static_cast<float>(1 - moving.momentum);
    push.optional = moving.mean.defined();
    run_over_rows(context, "batch_norm_statistics",
                  {reads(x), updates(partials_of(push, x)), writes(mean), writes(variance), updates(moving.mean),
                   updates(moving.variance)},
                  push);
}

}  // namespace

void VulkanBackend::batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) {
    statistics(*context_, x, mean, variance, {});
}

void VulkanBackend::batch_norm_training(const Tensor& x, const Normalization& normalization,
                                        const MovingStatistics& moving, const Tensor& y) {
    statistics(*context_, x, normalization.mean, normalization.variance, moving);
    batch_norm(x, normalization, y);
}

void VulkanBackend::batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) {
    const auto& [mean, variance, gamma, beta, epsilon] = normalization;
    const struct {
        std::uint32_t n, C;
        float epsilon;
    } push{size_of(y), narrow(x.dim(-1)), static_cast<float>(epsilon)};
    launch(*context_,
           {"batch_norm",
            {reads(x), reads(mean), reads(variance), reads(gamma), reads(beta), writes(y)},
            groups_for_elements(y.size())},
           push);
}

void VulkanBackend::batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                                        const Tensor& dy, const NormalizationGradients& out) {
    const auto& [mean, variance, gamma, beta, epsilon] = normalization;
    const auto& [dx, dgamma, dbeta] = out;
    ChannelsPush push(x);
    push.epsilon = static_cast<float>(epsilon);
    push.optional = (dgamma.defined() ? 1u : 0u) | (dbeta.defined() ? 2u : 0u);
    const bool moving = statistics == Statistics::moving;
    Tensor sums;
    if (push.optional != 0 || !moving) {
        sums = scratch({2, push.C}, x);
        run_over_rows(*context_, "batch_norm_backward_sums",
                      {reads(x), reads(dy), reads(mean), reads(variance), updates(partials_of(push, x)), writes(sums),
                       writes(dgamma), writes(dbeta)},
                      push);
    }
    if (!dx.defined()) return;
    const struct {
        std::uint32_t n, C;
        float epsilon, inverse_M;
    } element{size_of(dx), push.C, push.epsilon, static_cast<float>(1.0 / push.M)};
    launch(*context_,
           {"batch_norm_backward",
            {reads(x), reads(dy), reads(mean), reads(variance), reads(gamma), reads(sums), writes(dx)},
            groups_for_elements(dx.size()),
            {moving}},
           element);
}

}  // namespace cairn
