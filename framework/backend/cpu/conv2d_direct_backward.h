// All gradients of a convolution of stride 1, without im2col (conv2d_direct.h).
#pragma once

#include "backend/cpu/conv2d_direct.h"
#include "core/allocator.h"

#include <functional>

namespace cairn::cpu {

template <typename T>
struct DirectBackward {
    ConvolutionSizes s;
    const T *x = nullptr, *kernel = nullptr;                // x for dkernel, kernel for dx
    T *dx = nullptr, *dkernel = nullptr, *dbias = nullptr;  // those that are wanted

    // Writes dz, the cotangent of the pre-activations of image n, into a frame whose pixels have whole panels of channels.
    // What it does not write stays 0.
    std::function<void(std::int64_t n, const Frame& frame, T* to)> put_dz;

    void run(Allocator& allocator) const;
};

}  // namespace cairn::cpu
