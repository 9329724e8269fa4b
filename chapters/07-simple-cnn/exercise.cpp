// Chapter 7: a small convolutional network. Complete it from top to bottom; ./cairn grade 7 says which parts are right.
#include "chapters/07-simple-cnn/exercise.h"

namespace exercise {

// ---- conv2d ------------------------------------------------------------------------------------------------------------

Array conv2d(const Array& x, const Array& kernel, const Array& bias, Strides strides) { not_written_yet(); }

// ---- conv2d_dx ---------------------------------------------------------------------------------------------------------

Array conv2d_dx(const Sizes& x_shape, const Array& kernel, const Array& dy, Strides strides) { not_written_yet(); }

// ---- conv2d_dkernel ----------------------------------------------------------------------------------------------------

Array conv2d_dkernel(const Array& x, const Sizes& kernel_shape, const Array& dy, Strides strides) { not_written_yet(); }

// ---- max_pool ----------------------------------------------------------------------------------------------------------

Array max_pool(const Array& x, const Window& window) { not_written_yet(); }

// ---- max_pool_backward -------------------------------------------------------------------------------------------------

Array max_pool_backward(const Array& x, const Array& dy, const Window& window) { not_written_yet(); }

// ---- im2col ------------------------------------------------------------------------------------------------------------

Array im2col(const Array& x, const Window& window) { not_written_yet(); }

// ---- conv2d_gemm -------------------------------------------------------------------------------------------------------

Array conv2d_gemm(const Array& x, const Array& kernel, const Array& bias, Strides strides) { not_written_yet(); }

// ---- col2im ------------------------------------------------------------------------------------------------------------

Array col2im(const Array& patches, const Sizes& x_shape, const Window& window) { not_written_yet(); }

// ---- conv2d_gemm_backward ----------------------------------------------------------------------------------------------

Gradients conv2d_gemm_backward(const Array& x, const Array& kernel, const Array& dy, Strides strides) { not_written_yet(); }

}  // namespace exercise
