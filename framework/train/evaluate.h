// Judging a model on a data set, in inference mode: no dropout, batch norm by its moving statistics, no graph.
#pragma once

#include "cairn/data/dataset.h"
#include "cairn/metrics/scores.h"
#include "cairn/nn/losses.h"
#include "cairn/nn/model.h"
#include "cairn/train/metric.h"

#include <vector>

namespace cairn::train {

// The loss is the mean over the samples plus the model's penalty, as Keras's evaluate.
struct Evaluation : metrics::Scores {
    std::vector<float> logits;   // for every image in order, (size, classes), row-major
    std::vector<double> others;  // the means of the metrics that were asked for
};

// Throws Error if the images do not fit the model or there are none.
Evaluation evaluate(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size = 250,
                    const nn::Loss& loss = {}, const std::vector<Metric>& metrics = {});

// Logits for every image in order, (size, classes), row-major.
std::vector<float> logits(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size = 250);

}  // namespace cairn::train
