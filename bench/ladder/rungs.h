// The middle rungs: each kernel fast in the obvious way, with threads and with OpenBLAS, but without the one idea that
// makes the cpu backend's faster. float32, on Device::cpu(); the arguments are those of backend.h.
#pragma once

#include "cairn/backend/backend.h"

namespace cairn::bench {

// One im2col of the whole batch and one product; bias and ReLU in passes of their own. The patches of a batch are kh kw
// times as large as its images and lie in memory, not in a cache.                                   conv2d.cpp
void conv2d_im2col(const Tensor& x, const Tensor& kernel, const Tensor& bias, const Window& window, const Tensor& y);
void conv2d_im2col_input_gradient(const Tensor& kernel, const Tensor& y, const Tensor& dy, const Window& window,
                                  const Tensor& dx);
void conv2d_im2col_kernel_gradient(const Tensor& x, const Tensor& y, const Tensor& dy, const Window& window,
                                   const Tensor& dkernel);

// An output at a time: the loops of the reference, shared out over threads.                       max_pool2d.cpp
void max_pool2d_by_output(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax);

// A pass over memory for each sign of the formula, by the elementwise kernels.                    batch_norm.cpp
void batch_norm_by_passes(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon, const Tensor& y);
void batch_norm_backward_by_passes(const Tensor& x, const Normalization& normalization, const Tensor& dy,
                                   const Tensor& dx);

// A pass for m, one for v, one for w: 10 numbers per parameter move instead of 7.                       adam.cpp
void adam_by_passes(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v, const Tensor& w);

}  // namespace cairn::bench
