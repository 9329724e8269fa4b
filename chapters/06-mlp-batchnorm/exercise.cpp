// Chapter 6: a dense network with batch normalization and dropout. Complete it from top to bottom; ./cairn grade 6 says which parts are right.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

// ---- statistics --------------------------------------------------------------------------------------------------------

Statistics statistics(const Array& x) { not_written_yet(); }

// ---- normalize ---------------------------------------------------------------------------------------------------------

Array normalize(const Array& x, const Statistics& by, const Array& gamma, const Array& beta, double epsilon) { not_written_yet(); }

// ---- batch_norm_training -----------------------------------------------------------------------------------------------

Array batch_norm_training(const Array& x, BatchNorm& layer) { not_written_yet(); }

// ---- batch_norm_inference ----------------------------------------------------------------------------------------------

Array batch_norm_inference(const Array& x, BatchNorm& layer) { not_written_yet(); }

// ---- batch_norm_backward -----------------------------------------------------------------------------------------------

Gradients batch_norm_backward(const Array& x, const BatchNorm& layer, const Array& dy) { not_written_yet(); }

// ---- batch_norm_inference_backward -------------------------------------------------------------------------------------

Gradients batch_norm_inference_backward(const Array& x, const BatchNorm& layer, const Array& dy) { not_written_yet(); }

// ---- dropout -----------------------------------------------------------------------------------------------------------

Array dropout(const Array& x, double rate, bool training, const RandomKey& key) { not_written_yet(); }

// ---- dropout_backward --------------------------------------------------------------------------------------------------

Array dropout_backward(const Array& dy, double rate, bool training, const RandomKey& key) { not_written_yet(); }

}  // namespace exercise
