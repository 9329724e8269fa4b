// The convolution of each channel by itself (groups = C), without im2col: there a product of matrices would have a single column.
// Vectors run over the channels instead, which are neighbours in the images and in the kernel. With M = O / C outputs of each
// channel, u = i*sh - pt + a*dh and v = j*sw - pl + b*dw:
//
//   forward  y[i,j,o]       = sum over a, b of x[u, v, o / M] kernel[a,b,o]
//   dx       dx[u,v,c]      = sum over i, j, a, b that meet at (u, v), and over the M outputs o of c, of dz[i,j,o] kernel[a,b,o]
//   dkernel  dkernel[a,b,o] = sum over n, i, j of x[u, v, o / M] dz[i,j,o]
#pragma once

#include "cairn/backend/cpu/convolution.h"

namespace cairn::cpu {

// y = activation(conv2d(x, kernel) + bias)
template <typename T>
void depthwise_forward(const ForwardOperands<T>& operands, T* y, Allocator& allocator);

// dz = dy where y > 0, else 0; y is nullptr without ReLU, and dz is dy. dbias = the sum of dz over the pixels.
template <typename T>
void depthwise_backward(const GradientOperands<T>& operands, const T* y, const T* dy, Allocator& allocator);

}  // namespace cairn::cpu
