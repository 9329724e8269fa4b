// Kernels that treat every element alike: an invocation each.
#include "cairn/backend/vulkan/axes.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

struct UnaryPush {
    std::uint32_t n;
    float a;
};

struct BinaryPush {
    std::uint32_t n, axes;
    std::uint32_t size[6], stride_a[6], stride_b[6];
};

// y's axes, those put together along which a and b both go on or both are repeated.
BinaryPush broadcast(const Shape& y, const Shape& a, const Shape& b) {
    const std::vector<BroadcastAxis> of_a = axes_of(y, a), of_b = axes_of(y, b);
    BinaryPush push{narrow(y.size()), 0, {}, {}, {}};
    for (std::size_t axis = 0; axis < of_a.size(); ++axis) {
        if (of_a[axis].size == 1) continue;
        if (push.axes > 0) {
            const std::uint32_t inner = push.axes - 1;
            if (continues({push.size[inner], push.stride_a[inner]}, of_a[axis]) &&
                continues({push.size[inner], push.stride_b[inner]}, of_b[axis])) {
                push.size[inner] *= of_a[axis].size;
                continue;
            }
        }
        push.size[push.axes] = of_a[axis].size;
        push.stride_a[push.axes] = of_a[axis].stride;
        push.stride_b[push.axes] = of_b[axis].stride;
        ++push.axes;
    }
    return push;
}

struct AddScaledPush {
    std::uint32_t n;
    float keep, take;
};

}  // namespace

void VulkanBackend::elementwise(const UnaryFunction& f, const Tensor& x, const Tensor& y) {
    launch(
        *context_,
        {"elementwise_unary", {reads(x), writes(y)}, groups_for_elements(y.size()), {static_cast<std::uint32_t>(f.op)}},
        UnaryPush{size_of(y), static_cast<float>(f.a)});
}

void VulkanBackend::elementwise_backward(const UnaryFunction& f, const Tensor& kept, const Tensor& dy,
                                         const Tensor& dx) {
    launch(*context_,
           {"elementwise_backward",
            {reads(kept), reads(dy), writes(dx)},
            groups_for_elements(dx.size()),
            {static_cast<std::uint32_t>(f.op)}},
           UnaryPush{size_of(dx), static_cast<float>(f.a)});
}

void VulkanBackend::affine(const Tensor& x, double scale, double shift, const Tensor& y) {
    const struct {
        std::uint32_t n;
        float scale, shift;
    } push{size_of(y), static_cast<float>(scale), static_cast<float>(shift)};
    launch(*context_, {"affine", {reads(x), writes(y)}, groups_for_elements(y.size())}, push);
}

void VulkanBackend::elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) {
    launch(*context_,
           {"elementwise_binary",
            {reads(a), reads(b), writes(y)},
            groups_for_elements(y.size()),
            {static_cast<std::uint32_t>(op)}},
           broadcast(y.shape(), a.shape(), b.shape()));
}

void VulkanBackend::add_scaled(double alpha, const Tensor& x, const Tensor& y) {
    launch(*context_, {"add_scaled", {reads(x), updates(y)}, groups_for_elements(y.size())},
           AddScaledPush{size_of(y), 1.0f, static_cast<float>(alpha)});
}

void VulkanBackend::moving_average(const Tensor& value, double momentum, const Tensor& moving) {
    launch(*context_, {"add_scaled", {reads(value), updates(moving)}, groups_for_elements(moving.size())},
           AddScaledPush{size_of(moving), static_cast<float>(momentum), static_cast<float>(1 - momentum)});
}

}  // namespace cairn
