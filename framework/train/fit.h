// fit: the training loop.
#pragma once

#include "cairn/data/augment.h"
#include "cairn/data/dataset.h"
#include "cairn/nn/losses.h"
#include "cairn/nn/model.h"
#include "cairn/optim/optimizers.h"
#include "cairn/optim/schedule.h"
#include "cairn/train/history.h"
#include "cairn/train/meter.h"
#include "cairn/train/metric.h"
#include "cairn/train/parameter_groups.h"

#include <functional>
#include <vector>

namespace cairn::train {

// How far an epoch has come; loss and accuracy are means over the samples whose results have arrived so far.
struct Progress {
    int epoch = 0, epochs = 0;         // from 1
    std::int64_t step = 0, steps = 0;  // done in this epoch, of how many
    double loss = 0, accuracy = 0;
    double seconds = 0;  // since the epoch began
};

// Where a training stands between two steps. Together with the model's values and state, the optimizer and the options
// it decides all that follows: random numbers depend on the seed and the step alone.
struct FitState {
    History history{};   // the finished epochs
    MeterSums epoch{};   // of the epoch that is running: epoch.batches is the next batch
    double seconds = 0;  // that this epoch has taken so far

    int running_epoch() const { return static_cast<int>(history.epochs.size()) + 1; }
};

// Is told how training goes.
class Callback {
public:
    virtual ~Callback() = default;
    virtual void on_step(const Progress&) {}
    virtual void on_epoch(const EpochRecord&, int /*epochs*/) {}
};

struct FitOptions {
    int epochs = 1;
    std::int64_t batch_size = 32;  // the last batch of an epoch holds what is left, and is trained on
    std::uint64_t seed = 0;        // of the shuffling and the dropout masks
    std::vector<Callback*> callbacks{};
    std::function<bool()> stop{};                  // asked after every step; true interrupts the training there
    std::function<bool(const History&)> enough{};  // asked before every epoch; true ends the training
    // Called after every epoch and where the training was asked to stop: it could go on from there another time.
    std::function<void(const FitState&)> save{};
    optim::Schedule schedule{};         // of the learning rate; the optimizer's own is its start
    data::Augmentation augmentation{};  // of the training images
    nn::Loss loss{};                    // the categorical cross-entropy
    std::vector<Metric> metrics{};      // reported besides the loss and the accuracy, for each epoch
    // How much the loss of a training image counts (the validation weighs all alike, as in Keras): a number for every class,
    // one for every image, or both, which are multiplied. Empty: all count 1.
    std::vector<double> class_weight{}, sample_weight{};
    std::vector<ParameterGroup> groups{};  // parameters that are trained at another rate
    Decays decays = is_kernel;             // which parameters the optimizer's weight_decay applies to
};

// Trains an initialized model on `train`, shuffled anew each epoch, and evaluates it on `validation` after each. The
// same seed gives the same weights, bit for bit, on the same machine with the same number of threads. Throws Error for
// options below 1, for images or labels that do not fit the model, and when the loss or a gradient stops being finite;
// the parameters are then those before the step.
//
// An optimizer with use_ema keeps averages of the parameters: those are judged after every epoch (Keras's SwapEMAWeights),
// and a training that comes to its end leaves them in the model. One that was interrupted leaves the parameters themselves.
History fit(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train, const data::Dataset& validation,
            const FitOptions& options);

// The same from where `state` stands, with the model and the optimizer as they were there; `state` is kept up to date.
// The result is that of a training that was never interrupted, bit for bit.
void fit(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train, const data::Dataset& validation,
         const FitOptions& options, FitState& state);

}  // namespace cairn::train
