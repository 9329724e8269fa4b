// The gradients of a convolution, directly; the formulas are in conv2d_direct.h.
#pragma once

#include "cairn/backend/cpu/conv2d_direct.h"
#include "cairn/backend/cpu/framed_backward.h"

#include <vector>

namespace cairn::cpu {

template <typename T>
class DirectGradients {
public:
    DirectGradients(const ConvolutionSizes& sizes, bool dx_wanted);

    std::int64_t scratch_size() const { return 0; }
    std::int64_t sums_size() const { return s.patch() * dz_frame.channels; }
    void add_to_sums(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums, T*) const;
    void finish_sums(const T* sums, std::int64_t parts, T* dkernel) const;
    Tensor pack(const T* kernel, Allocator& allocator) const { return pack_turned_panels(kernel, s, allocator); }
    void input_gradient(const T* dz, std::int64_t images, const T* packed, T* dx, T*) const;

    const Frame x_frame, dz_frame;
    const std::int64_t images_at_once;

private:
    void add_block(const T* x, const T* dz, std::int64_t images, std::int64_t rows, bool accumulate, T* sums) const;

    ConvolutionSizes s;
    DirectConvolution convolution_;    // of dz with the turned kernel
    std::vector<std::int64_t> patch_;  // where in x's frame each of the kh*kw*C numbers of a patch lies
};

}  // namespace cairn::cpu
