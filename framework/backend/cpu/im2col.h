// im2col: a convolution as a matrix product. The patch of an output pixel is the kh*kw*C inputs that its window looks
// at, as one row; then y (pixels, O) = patches (pixels, kh*kw*C) kernel (kh*kw*C, O). Each group of channels has its patches,
// of C / groups channels, and its product.
//
// Work is counted in output rows, 0 … N*OH - 1 over the whole batch: a band of them is a contiguous part of y, whether it is a
// part of a large image or several small images.
#pragma once

#include "cairn/backend/cpu/convolution.h"

namespace cairn::cpu {

// True for a 1 x 1 kernel that visits every pixel: x itself is the patches.
bool patches_are_input(const ConvolutionSizes& s);

// The output rows begin … end - 1, as a group sees them.
struct Band {
    std::int64_t begin, end;
    std::int64_t group = 0;
};

// patches = those of a band, (end - begin) * OW of them.
template <typename T>
void im2col(const ConvolutionSizes& s, const T* x, const Band& band, T* patches);

// im2col's transpose: every element of the patches is added to the element of dx it would have been copied from.
template <typename T>
void col2im(const ConvolutionSizes& s, const T* patches, const Band& band, T* dx);

}  // namespace cairn::cpu
