// Judging a model with batch norm by the statistics of the batches themselves. Its moving statistics begin at mean 0 and
// variance 1 and forget that slowly: after n steps momentum^n of it is left, with Keras's 0.99 more than half after 64 steps.
// Until then the model is right in training and wrong in inference, with the same weights.
#pragma once

#include "cairn/data/dataset.h"
#include "cairn/nn/model.h"

namespace cairn::train {

// The largest momentum of a batch norm of the model that keeps moving statistics; 0 if there is none.
double moving_momentum(const nn::Model& model);

// The accuracy where every batch norm normalizes by the batch's own mean and variance, as in training; dropout is off. It hangs
// on which images share a batch, so it is a diagnosis and no result. The moving statistics are left as they were.
double accuracy_by_batch_statistics(const nn::Model& model, const data::Dataset& dataset,
                                    std::int64_t batch_size = 250);

}  // namespace cairn::train
