// The convolution as OpenBLAS's matrix products (im2col.h): every window, every pass. A band of output rows at a time, whose
// patches stay in L2, so that im2col costs no memory traffic.
#pragma once

#include "cairn/backend/cpu/convolution.h"

namespace cairn::cpu {

// y = activation(patches kernel + bias)
template <typename T>
void forward_by_im2col(const ForwardOperands<T>& operands, T* y, Allocator& allocator);

// dz = dy where y > 0, else 0; y is nullptr without ReLU, and dz is dy.
//   dkernel = patches^T dz      dpatches = dz kernel^T, which col2im adds into dx      dbias = the sum of dz over the pixels
template <typename T>
void backward_by_im2col(const GradientOperands<T>& operands, const T* y, const T* dy, Allocator& allocator);

}  // namespace cairn::cpu
