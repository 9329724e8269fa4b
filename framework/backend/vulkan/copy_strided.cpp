#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// A step or an offset as the shader adds it: modulo 2^32, so that a negative one is one that wraps around.
std::uint32_t wrapped(std::int64_t step) { return static_cast<std::uint32_t>(step); }

}  // namespace

void VulkanBackend::copy_strided(const StridedCopy& copy, const Tensor& x, const Tensor& y) {
    const StridedCopy m = merged(copy);
    struct {
        std::uint32_t n, axes, from, to;
        std::uint32_t size[6], from_step[6], to_step[6];  // innermost first
    } push{narrow(m.shape.size()),
           static_cast<std::uint32_t>(m.shape.rank()),
           wrapped(m.from.offset),
           wrapped(m.to.offset),
           {},
           {},
           {}};
    for (std::size_t axis = 0; axis < push.axes; ++axis) {
        const std::size_t of_shape = push.axes - 1 - axis;
        push.size[axis] = narrow(m.shape[static_cast<int>(of_shape)]);
        push.from_step[axis] = wrapped(m.from.step[of_shape]);
        push.to_step[axis] = wrapped(m.to.step[of_shape]);
    }
    // Elements of y that the copy does not name must stay, wherever y lies: it is updated, not written.
    launch(*context_, {"copy_strided", {reads(x), updates(y)}, groups_for_elements(push.n), {copy.accumulate}}, push);
}

void VulkanBackend::gather_rows(const Tensor& x, const Tensor& rows, const Tensor& y) {
    const struct {
        std::uint32_t n, width, rows;
    } push{size_of(y), rows.size() == 0 ? 1 : narrow(y.size() / rows.size()), narrow(x.dim(0))};
    launch(*context_, {"gather_rows", {reads(x), reads(rows), writes(y)}, groups_for_elements(y.size())}, push);
}

void VulkanBackend::gather_rows_backward(const Tensor& dy, const Tensor& rows, const Tensor& dx) {
    const struct { std::uint32_t n, width, count; } push{size_of(dx), narrow(dx.size() / dx.dim(0)), size_of(rows)};
    launch(*context_, {"gather_rows_backward", {reads(dy), reads(rows), writes(dx)}, groups_for_elements(dx.size())},
           push);
}

}  // namespace cairn
