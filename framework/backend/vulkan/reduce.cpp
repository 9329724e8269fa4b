// Sums, means and maxima over axes, their backward, and the sum of squares.
#include "cairn/backend/vulkan/reduce.h"
#include "cairn/backend/vulkan/axes.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// The push constants of shaders/include/axes.glsl.
struct AxesPush {
    std::uint32_t results, count;
    std::uint32_t kept_axes, reduced_axes;
    std::uint32_t kept_size[3], kept_stride[3];
    std::uint32_t reduced_size[3], reduced_stride[3];
    std::uint32_t width, lane_step;
    std::uint32_t slices, slice_size;
    float scale;

    std::uint32_t lanes() const { return group_size / width; }
    Groups groups() const { return groups_for_pieces(static_cast<std::int64_t>(divide_up(results, width)) * slices); }
};

void add_axis(std::uint32_t& axes, std::uint32_t (&sizes)[3], std::uint32_t (&strides)[3], bool merge,
              std::uint32_t size, std::uint32_t stride) {
    if (merge) {
        sizes[axes - 1] *= size;
        return;
    }
    invariant(axes < 3, "more than three groups of axes of a kind");
    sizes[axes] = size;
    strides[axes] = stride;
    ++axes;
}

// Which of x's axes are kept and which are reduced to y's shape, neighbours of a kind put together, in one slice.
AxesPush axes_of_reduction(const Shape& x, const Shape& y) {
    AxesPush push{};
    push.results = narrow(y.size());
    push.count = y.size() == 0 ? 0 : narrow(x.size() / y.size());
    push.slices = 1;
    push.slice_size = push.count;
    push.scale = 1;

    const std::vector<BroadcastAxis> of_x = axes_of(x, x), of_y = axes_of(x, y);
    std::uint32_t stride = 1;
    bool innermost_is_kept = true, last_was_kept = false, any = false;
    for (std::size_t axis = 0; axis < of_x.size(); ++axis) {
        const std::uint32_t size = of_x[axis].size;
        if (size == 1) continue;
        const bool kept = of_y[axis].stride != 0;
        if (!any) innermost_is_kept = kept;
        if (kept) add_axis(push.kept_axes, push.kept_size, push.kept_stride, any && last_was_kept, size, stride);
        else add_axis(push.reduced_axes, push.reduced_size, push.reduced_stride, any && !last_was_kept, size, stride);
        last_was_kept = kept;
        any = true;
        stride *= size;
    }

    // Neighbours in memory go to neighbouring invocations: lanes of a result, or results.
    if (innermost_is_kept) {
        push.width = push.lane_step = power_of_two(push.results, 32);
    } else {
        push.width = group_size / power_of_two(push.count, group_size);
        push.lane_step = 1;
    }
    return push;
}

// Cuts the elements into slices if there are too few results to keep a device busy.
void cut(AxesPush& push) {
    if (divide_up(push.results, push.width) >= 128) return;
    const Slices slices(push.count, push.lanes());
    push.slices = slices.count;
    push.slice_size = slices.size;
}

void run(Context& context, ReduceOp op, const AxesPush& push, const Tensor& x, const Tensor& y) {
    launch(context, {"reduce", {reads(x), writes(y)}, push.groups(), {static_cast<std::uint32_t>(op)}}, push);
}

}  // namespace

void vulkan::reduce(Context& context, ReduceOp op, double scale, const Tensor& x, const Tensor& y) {
    AxesPush push = axes_of_reduction(x.shape(), y.shape());
    cut(push);
    if (push.slices == 1) {
        push.scale = static_cast<float>(scale);
        return run(context, op, push, x, y);
    }
    const Tensor partials = scratch({push.slices, y.size()}, x);
    run(context, op, push, x, partials);

    AxesPush second = axes_of_reduction(partials.shape(), {y.size()});
    second.width = second.lane_step = power_of_two(second.results, 8);
    second.scale = static_cast<float>(scale);
    run(context, op == ReduceOp::sum_of_squares ? ReduceOp::sum : op, second, partials, y);
}

void VulkanBackend::reduce(Reduction op, const Tensor& x, const Tensor& y) {
    const double count = static_cast<double>(x.size()) / static_cast<double>(y.size());
    vulkan::reduce(*context_, op == Reduction::max ? ReduceOp::max : ReduceOp::sum,
                   op == Reduction::mean ? 1 / count : 1, x, y);
}

void VulkanBackend::reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy,
                                    const Tensor& dx) {
    AxesPush push = axes_of_reduction(dx.shape(), dy.shape());
    if (op == Reduction::mean) push.scale = static_cast<float>(1.0 / push.count);
    const bool maximum = op == Reduction::max;
    if (!maximum) cut(push);
    launch(*context_,
           {"reduce_backward",
            {reads(maximum ? x : Tensor()), reads(maximum ? y : Tensor()), reads(dy), writes(dx)},
            push.groups(),
            {maximum}},
           push);
}

void VulkanBackend::argmax(const Tensor& x, const Tensor& y) {
    const struct { std::uint32_t B, C; } push{size_of(y), narrow(x.dim(-1))};
    launch(*context_, {"argmax", {reads(x), writes(y)}, groups_for_elements(y.size())}, push);
}

}  // namespace cairn
