// Chapter 9: batch normalization of images. Complete it from top to bottom; ./cairn grade 9 says which parts are right.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

// ---- statistics -------------------------------------------------------------------------------------------------------

Statistics statistics(const Array& x) { not_written_yet(); }

// ---- steps_until ------------------------------------------------------------------------------------------------------

long steps_until(double momentum, double share) { not_written_yet(); }

// ---- fold -------------------------------------------------------------------------------------------------------------

Linear fold(const Linear& layer, const BatchNorm& norm) { not_written_yet(); }

// ---- fold_before ------------------------------------------------------------------------------------------------------

Linear fold_before(const BatchNorm& norm, const Linear& dense) { not_written_yet(); }

// ---- foldable ---------------------------------------------------------------------------------------------------------

std::vector<bool> foldable(const std::vector<std::string>& layers) { not_written_yet(); }

// ---- largest_stable_rate ----------------------------------------------------------------------------------------------

double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates) { not_written_yet(); }

}  // namespace exercise
