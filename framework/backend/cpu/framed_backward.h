// The backward pass of a convolution from framed images (layout.h): some images at a time, dz is put into frames, x too where it
// does not fill one by itself, and the gradients are taken from there while they are in a core's L2 cache: directly
// (direct_gradients.h) or by Winograd's tiles (winograd_gradients.h). Both have
//
//   x_frame, dz_frame       the frames; pixels of dz have whole panels of channels
//   images_at_once
//   sums_size               dkernel is summed in so many numbers, by every thread for its own images,
//   add_to_sums             by this,
//   finish_sums             and made of all threads' sums by this
//   pack, input_gradient    dx (images, H, W, C), from a kernel that was packed once
//   scratch_size            so many numbers a thread works in, beside its frames
#pragma once

#include "cairn/backend/cpu/layout.h"

#include <functional>

namespace cairn::cpu {

// The frame of dz, whose pixels are whole panels. For dx, every pixel of x looks at the kh*kw pixels around it, with the zeros
// between them that the strides leave; without dx, dz needs no frame. The image is filled up to a multiple of `unit` pixels.
template <typename T>
Frame frame_of_dz(const ConvolutionSizes& s, bool dx_wanted, std::int64_t unit);

template <typename T>
struct FramedBackward {
    GradientOperands<T> operands;
    // Writes dz, the cotangent of the pre-activations of image n, into a frame. Elements that it does not write stay 0.
    std::function<void(std::int64_t n, const Frame& frame, T* to)> put_dz;

    void run(ConvolutionAlgorithm algorithm, Allocator& allocator) const;  // direct or winograd
};

}  // namespace cairn::cpu
