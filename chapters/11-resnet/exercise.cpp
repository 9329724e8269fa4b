// Chapter 11: residual blocks. Complete it from top to bottom; ./cairn grade 11 says which parts are right.
#include "chapters/11-resnet/exercise.h"

namespace exercise {

// ---- block -------------------------------------------------------------------------------------------------------------

Array block(const Block& b, Array& x) { not_written_yet(); }

// ---- block_backward ----------------------------------------------------------------------------------------------------

Array block_backward(const Block& b, const Array& x, const Array& dy) { not_written_yet(); }

// ---- gradients ---------------------------------------------------------------------------------------------------------

std::vector<Array> gradients(const std::vector<Block>& blocks, const Array& x, const Array& dy) { not_written_yet(); }

// ---- shortcut ----------------------------------------------------------------------------------------------------------

Array shortcut(const Array& x, const Array& kernel, std::size_t stride) { not_written_yet(); }

// ---- parameters --------------------------------------------------------------------------------------------------------

long parameters(long n, bool skips) { not_written_yet(); }

}  // namespace exercise
