// Chapter 5: a dense network with an L2 penalty. Complete it from top to bottom; ./cairn grade 5 says which parts are right.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

// ---- penalty -----------------------------------------------------------------------------------------------------------

double penalty(const std::vector<Layer>& layers) { not_written_yet(); }

// ---- add_penalty_gradients ---------------------------------------------------------------------------------------------

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) { not_written_yet(); }

// ---- batch_loss --------------------------------------------------------------------------------------------------------

double batch_loss(const std::vector<double>& cross_entropies, const std::vector<Layer>& layers) { not_written_yet(); }

// ---- evaluate ----------------------------------------------------------------------------------------------------------

double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>& layers) { not_written_yet(); }

// ---- step_coupled ------------------------------------------------------------------------------------------------------

void step_coupled(Array& w, const Array& dw, double lambda, Adam& adam) { not_written_yet(); }

// ---- step_decoupled ----------------------------------------------------------------------------------------------------

void step_decoupled(Array& w, const Array& dw, double decay, Adam& adam) { not_written_yet(); }

}  // namespace exercise
