// The convolutions that the kernel cases are made of, and how closely their outputs must agree.
#pragma once

#include "support/kernel_cases.h"

#include <vector>

namespace cairn::test {

// One convolution: a call's shapes and window, how the cpu is to compute it, and words for it.
struct Convolved {
    Shape x, kernel, y;
    Window window;
    ConvolutionAlgorithm algorithm;
    std::string where;

    Convolution layer(const Tensor& images, const Tensor& kernels, const Tensor& bias, bool relu) const {
        return {images, kernels, bias, window, y, relu, algorithm};
    }
    std::int64_t terms() const { return kernel[0] * kernel[1] * kernel[2]; }  // of an output
};

struct ConvGeometry {
    std::int64_t N, H, W, C, kh, kw, O;
    bool same;  // Keras' padding: same or valid
    std::int64_t sh = 1, sw = 1;
    std::int64_t dh = 1, dw = 1;  // dilation
    std::int64_t groups = 1;
};
Convolved convolution(const ConvGeometry& geometry, ConvolutionAlgorithm algorithm);
std::vector<Convolved> convolutions(ConvolutionAlgorithm algorithm);  // of the awkward geometries

// The families of kernel_cases.h for convolutions of any shape.
KernelCases conv2d_cases_of(Draw& draw, const std::vector<Convolved>& all);
KernelCases conv2d_max_pool2d_cases_of(Draw& draw, const std::vector<Convolved>& all);

// The outputs of a convolution: each is a sum of so many terms.
Output convolved_image(const Convolved& c, const Shape& shape, std::int64_t terms);
Output input_gradient(const Convolved& c, std::int64_t terms);
Output kernel_gradient(const Convolved& c, std::int64_t terms);

// Images whose channels have either sign in turn. Every output of a convolution with an infinite kernel is then inf - inf.
Input signs_by_channel(const Shape& x);
Input infinite(const Shape& shape);

}  // namespace cairn::test
