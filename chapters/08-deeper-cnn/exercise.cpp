// Chapter 8: one convolution more. Complete it from top to bottom; ./cairn grade 8 says which parts are right.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

// ---- same_padding ------------------------------------------------------------------------------------------------------

Padding same_padding(std::size_t n, std::size_t k, std::size_t s) { not_written_yet(); }

// ---- output_shape ------------------------------------------------------------------------------------------------------

Sizes output_shape(const Sizes& input, const Layer& layer) { not_written_yet(); }

// ---- parameters --------------------------------------------------------------------------------------------------------

std::size_t parameters(const Sizes& input, const Layer& layer) { not_written_yet(); }

// ---- flops -------------------------------------------------------------------------------------------------------------

std::size_t flops(const Sizes& input, const Layer& layer) { not_written_yet(); }

// ---- confusion_matrix --------------------------------------------------------------------------------------------------

Array confusion_matrix(const std::vector<std::size_t>& actual, const std::vector<std::size_t>& predicted, std::size_t classes) { not_written_yet(); }

// ---- scores ------------------------------------------------------------------------------------------------------------

Scores scores(const Array& confusion) { not_written_yet(); }

}  // namespace exercise
