// Chapter 4: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;

// N images as rows of K numbers, and the class of each: 0, 1, 2, …
struct Data {
    Array images;  // (N, K)
    std::vector<int> labels;

    std::size_t size() const { return labels.size(); }
    // The images first, first + 1, …, `count` of them, which must be there.
    Data part(std::size_t first, std::size_t count) const {
        const std::size_t K = images.shape[1];
        const auto from = images.values.begin() + static_cast<std::ptrdiff_t>(first * K);
        const auto label = labels.begin() + static_cast<std::ptrdiff_t>(first);
        return {Array({count, K}, std::vector<double>(from, from + static_cast<std::ptrdiff_t>(count * K))),
                {label, label + static_cast<std::ptrdiff_t>(count)}};
    }
};

struct Parameter {
    Array value, gradient;  // of the same shape
};

// Something that can be trained. The grader has several.
class Model {
public:
    virtual ~Model() = default;
    // The logits (B, C) of images (B, K). Some models compute something else in training than later: chapter 6.
    virtual Array forward(const Array& images, bool training) = 0;
    // ADDS to the parameters' gradients what follows from dlogits (B, C), for the images of the last forward().
    virtual void backward(const Array& dlogits) = 0;
    virtual std::vector<Parameter*> parameters() = 0;
};

struct Range {
    std::size_t first = 0, count = 0;
};
// The batches of one pass over N images: `batch` images each, and what is left in the last one.
std::vector<Range> batches(std::size_t N, std::size_t batch);

// The mean over the rows of logits (B, C) of -ln softmax(row)[label], finite however large the logits are.
double cross_entropy(const Array& logits, const std::vector<int>& labels);
// Its gradient, (B, C).
Array cross_entropy_gradient(const Array& logits, const std::vector<int>& labels);

// One step against the gradient dw; v is kept from step to step and begins as zeros.
//   v = momentum v - rate dw      w = w + v
void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum);

struct AdamState {
    Array m, v;     // begin as zeros, of the parameter's shape
    int steps = 0;  // taken so far
};
struct AdamOptions {
    double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};
// One step of Adam. t, the number of this step, is 1 for the first one.
void adam_step(Array& w, const Array& dw, AdamState& state, const AdamOptions& options);

// Changes the parameters by their gradients.
using Update = std::function<void(const std::vector<Parameter*>& parameters)>;

// One pass over the data in its order: for each batch forward (in training mode), backward, update. Returns the mean loss of the
// N images, each measured with the parameters before its batch's update.
double train_epoch(Model& model, const Data& data, std::size_t batch, const Update& update);

struct Score {
    double loss = 0, accuracy = 0;  // means over all images; accuracy from 0 to 1
};
// How good the model is, in batches of `batch`, not in training mode. Class c is predicted if its logit is the largest.
Score evaluate(Model& model, const Data& data, std::size_t batch);

// Two checks before each training. Is the loss of the model, as it begins, that of a guess: ln C, up to 0.1?
bool starts_right(Model& model, const Data& data);
// Does the model learn the first 20 images (all, if there are fewer) by heart: a loss below 0.05 after at most 400 epochs of
// Adam at the rate 0.01, the 20 images being one batch?
bool learns_twenty(Model& model, const Data& data);

// Changes the parameters by their gradients, with this rate.
using Rule = std::function<void(const std::vector<Parameter*>& parameters, double rate)>;

struct Curve {
    std::vector<double> rates, losses;  // the losses are smoothed
    double suggested = 0;
};
// The learning-rate finder. Step i has the rate lowest (highest / lowest)^(i / (steps - 1)) and the next batch; after the last batch
// comes the first one again. The smoothed loss after step i is the mean of the losses 0 … i, in which each counts 0.9 times as much as the one
// after it. The curve ends with the step at which the smoothed loss is more than 4 times its lowest so far, or not a finite number;
// that step is not part of it. Suggested: a tenth of the rate at which the smoothed loss is lowest. The parameters' values are
// afterwards what they were before.
Curve find_rate(Model& model, const Data& data, std::size_t batch, double lowest, double highest, int steps, const Rule& rule);

}  // namespace exercise
