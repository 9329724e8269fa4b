// What chapter 7's exercise is compared with.
#pragma once

#include "chapters/07-simple-cnn/exercise.h"

namespace cairn::course {

Array reference_conv2d(const Array& x, const Array& kernel, const Array& bias, exercise::Strides strides);
Array reference_dx(const Sizes& x_shape, const Array& kernel, const Array& dy, exercise::Strides strides);
Array reference_dkernel(const Array& x, const Sizes& kernel_shape, const Array& dy, exercise::Strides strides);

// y, and dx for the dy that is given; only its shape matters to y.
struct Pooled {
    Array y, dx;
};
Pooled reference_max_pool(const Array& x, const Array& dy, const exercise::Window& window);

// `patches` filled in.
Array reference_patches(const Array& x, Array patches, const exercise::Window& window);
Array reference_col2im(const Array& patches, const Sizes& x_shape, const exercise::Window& window);

// By the framework: ops::conv2d in float64, on the cpu, by im2col and OpenBLAS.
Array cairns_conv2d(const Array& x, const Array& kernel, const Array& bias, exercise::Strides strides);
exercise::Gradients cairns_gradients(const Array& x, const Array& kernel, const Array& dy, exercise::Strides strides);

}  // namespace cairn::course
