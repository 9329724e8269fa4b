#include "cairn/backend/cpu/convolution.h"

namespace cairn::cpu {

ConvolutionSizes::ConvolutionSizes(const Shape& x, const Shape& kernel, const Window& sliding, const Shape& y)
    : N(x[0]), H(x[1]), W(x[2]), C(x[3]), OH(y[1]), OW(y[2]), O(y[3]), groups(C / kernel[2]), window(sliding) {
    // The kernel's own sizes are the window's, whatever the window says.
    window.window_h = kernel[0];
    window.window_w = kernel[1];
}

ConvolutionAlgorithm algorithm_for(ConvolutionPass pass, const ConvolutionSizes& s, ConvolutionAlgorithm requested) {
    using enum ConvolutionAlgorithm;
    constexpr std::int64_t fewest_channels = 16;
    if (s.window.is_dilated() || s.groups > 1) return im2col;
    const bool fits_winograd = s.window.window_h == 3 && s.window.window_w == 3 && !s.has_strides();
    switch (requested) {
        case im2col:
        case direct: return requested;
        case winograd: return fits_winograd ? winograd : direct;
        case automatic: break;
    }
    if (fits_winograd && s.C >= fewest_channels && s.O >= fewest_channels) return winograd;
    return s.has_strides() && pass == ConvolutionPass::input_gradient ? im2col : direct;
}

std::optional<ConvolutionAlgorithm> algorithm_of_gradients(const ConvolutionSizes& s, ConvolutionAlgorithm requested,
                                                           const LayerGradients& wanted) {
    const ConvolutionAlgorithm of_dx = algorithm_for(ConvolutionPass::input_gradient, s, requested);
    const ConvolutionAlgorithm of_dkernel = algorithm_for(ConvolutionPass::kernel_gradient, s, requested);
    if (!wanted.dx.defined()) return of_dkernel;
    if (!wanted.dkernel.defined() || of_dx == of_dkernel) return of_dx;
    return std::nullopt;
}

}  // namespace cairn::cpu
