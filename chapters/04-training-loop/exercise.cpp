// Chapter 4: the training loop. Complete it from top to bottom; ./cairn grade 4 says which parts are right.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

// ---- batches -----------------------------------------------------------------------------------------------------------

std::vector<Range> batches(std::size_t N, std::size_t batch) { not_written_yet(); }

// ---- cross_entropy -----------------------------------------------------------------------------------------------------

double cross_entropy(const Array& logits, const std::vector<int>& labels) { not_written_yet(); }

// ---- cross_entropy_gradient --------------------------------------------------------------------------------------------

Array cross_entropy_gradient(const Array& logits, const std::vector<int>& labels) { not_written_yet(); }

// ---- sgd ---------------------------------------------------------------------------------------------------------------

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) { not_written_yet(); }

// ---- adam --------------------------------------------------------------------------------------------------------------

void adam_step(Array& w, const Array& dw, AdamState& state, const AdamOptions& options) { not_written_yet(); }

// ---- train_epoch -------------------------------------------------------------------------------------------------------

double train_epoch(Model& model, const Data& data, std::size_t batch, const Update& update) { not_written_yet(); }

// ---- evaluate ----------------------------------------------------------------------------------------------------------

Score evaluate(Model& model, const Data& data, std::size_t batch) { not_written_yet(); }

// ---- starts_right ------------------------------------------------------------------------------------------------------

bool starts_right(Model& model, const Data& data) { not_written_yet(); }

// ---- learns_twenty -----------------------------------------------------------------------------------------------------

bool learns_twenty(Model& model, const Data& data) { not_written_yet(); }

// ---- find_rate ---------------------------------------------------------------------------------------------------------

Curve find_rate(Model& model, const Data& data, std::size_t batch, double lowest, double highest, int steps, const Rule& rule) {
    not_written_yet();
}

}  // namespace exercise
