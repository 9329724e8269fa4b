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
std::vector<Convolved> convolutions(ConvolutionAlgorithm algorithm);

// The outputs of a convolution: each is a sum of so many terms.
Output convolved_image(const Convolved& c, const Shape& shape, std::int64_t terms);
Output input_gradient(const Convolved& c, std::int64_t terms);
Output kernel_gradient(const Convolved& c, std::int64_t terms);

// Images whose channels have either sign in turn. Every output of a convolution with an infinite kernel is then inf - inf.
Input signs_by_channel(const Shape& x);
Input infinite(const Shape& shape);

}  // namespace cairn::test
