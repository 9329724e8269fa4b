// The learning-rate finder (Smith 2015): some steps of training, each at a higher rate than the one before. Too low a rate
// changes nothing, too high a one makes the loss jump; a good one lies in between.
#pragma once

#include "cairn/data/augment.h"
#include "cairn/data/dataset.h"
#include "cairn/nn/losses.h"
#include "cairn/nn/model.h"
#include "cairn/optim/optimizer.h"

#include <functional>
#include <vector>

namespace cairn::train {

struct FindRateOptions {
    double lowest = 1e-5, highest = 1;  // the rate of the first and of the last step
    int steps = 300;                    // rate of step i: lowest (highest / lowest)^(i / (steps - 1))
    std::int64_t batch_size = 32;
    std::uint64_t seed = 0;  // of the shuffling, the augmentation and the dropout masks
    data::Augmentation augmentation{};
    nn::Loss loss{};
    std::vector<double> class_weight{};
    std::function<bool()> stop{};  // asked after every step; true ends it there
};

struct RateStep {
    double rate = 0;
    double loss = 0;      // of the batch, before the step
    double smoothed = 0;  // the mean of the losses so far, each counting 0.9 times as much as the one after it
};

struct RateCurve {
    std::vector<RateStep> steps;  // up to the one where the smoothed loss is 4 times its lowest, or is not finite
    bool diverged = false;        // it ended there
    bool interrupted = false;     // options.stop ended it

    // The step with the lowest smoothed loss: at higher rates it rises again. Throws BugError if there are no steps.
    const RateStep& lowest() const;
    // A tenth of that rate: what to train with.
    double suggested() const { return lowest().rate / 10; }
};

// Adds the losses one after the other, as they are measured. Returns false once it has diverged.
bool add_step(RateCurve& curve, double rate, double loss);

// Trains an initialized model on `train`, and gives it back its values and its state. The optimizer has moved on. Throws Error for
// rates that are not positive and rising, fewer than 2 steps, and images or labels that do not fit the model.
RateCurve find_rate(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train,
                    const FindRateOptions& options);

}  // namespace cairn::train
