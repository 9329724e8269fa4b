#include "cairn/backend/vulkan/conv2d_grouped.h"

#include "cairn/backend/vulkan/kernels.h"

namespace cairn::vulkan {

namespace {

// shaders/include/conv2d_grouped.glsl
struct GroupedPush {
    std::uint32_t n;
    std::uint32_t N, H, W, C;
    std::uint32_t OH, OW, O;
    std::uint32_t CG, OG;
    std::uint32_t kh, kw;
    std::uint32_t stride_h, stride_w, pad_top, pad_left, dilation_h, dilation_w;
    std::uint32_t flags;

    // To compute `numbers` with x (N, H, W, C), kernel (kh, kw, C / groups, O), y (N, OH, OW, O).
    GroupedPush(const Tensor& numbers, const Shape& x, const Shape& kernel, const Window& window, const Shape& y)
        : n(size_of(numbers)),
          N(narrow(x[0])),
          H(narrow(x[1])),
          W(narrow(x[2])),
          C(narrow(x[3])),
          OH(narrow(y[1])),
          OW(narrow(y[2])),
          O(narrow(y[3])),
          CG(narrow(kernel[2])),
          OG(narrow(kernel[3] / (x[3] / kernel[2]))),
          kh(narrow(kernel[0])),
          kw(narrow(kernel[1])),
          stride_h(narrow(window.stride_h)),
          stride_w(narrow(window.stride_w)),
          pad_top(narrow(window.pad_top)),
          pad_left(narrow(window.pad_left)),
          dilation_h(narrow(window.dilation_h)),
          dilation_w(narrow(window.dilation_w)),
          flags(0) {}
};

}  // namespace

void grouped_convolution(Context& context, const Convolution& layer, const Tensor& y) {
    GroupedPush push(y, layer.x.shape(), layer.kernel.shape(), layer.window, y.shape());
    push.flags = (layer.bias.defined() ? 1u : 0u) | (layer.relu ? 2u : 0u);
    launch(context,
           {"conv2d_grouped",
            {reads(layer.x), reads(layer.kernel), writes(y), reads(layer.bias)},
            groups_for_elements(y.size())},
           push);
}

void grouped_input_gradient(Context& context, const Tensor& dy, const Tensor& kernel, const Window& window,
                            const Tensor& dx) {
    launch(context,
           {"conv2d_grouped_input_gradient", {reads(dy), reads(kernel), writes(dx)}, groups_for_elements(dx.size())},
           GroupedPush(dx, dx.shape(), kernel.shape(), window, dy.shape()));
}

void grouped_kernel_gradient(Context& context, const Tensor& x, const Tensor& dy, const Window& window,
                             const Tensor& dkernel) {
    launch(
        context,
        {"conv2d_grouped_kernel_gradient", {reads(x), reads(dy), writes(dkernel)}, groups_for_pieces(dkernel.size())},
        GroupedPush(dkernel, x.shape(), dkernel.shape(), window, dy.shape()));
}

}  // namespace cairn::vulkan
