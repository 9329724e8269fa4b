// Chapter 5: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

// A dense layer y = x W + b, whose W has the penalty lambda * (sum of W²); 0: none. b never has one.
struct Layer {
    Array kernel, bias;  // W (I, O), b (O)
    double lambda = 0;
};
struct Gradient {
    Array dkernel, dbias;
};

// The sum of the penalties of all layers.
double penalty(const std::vector<Layer>& layers);

// Adds the penalties' gradients to d, which holds those of the cross-entropy; d[i] belongs to layers[i].
void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d);

// The loss of a training step: the mean of the images' cross-entropies, of which there is at least one, plus the penalty.
double batch_loss(const std::vector<double>& cross_entropies, const std::vector<Layer>& layers);

// The loss on a data set, as `evaluate` reports it: the images come in batches, of which the last may be smaller.
double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>& layers);

// Adam with its state: t counts the steps that were made.
struct Adam {
    double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
    Array m, v;  // of the shape of w
    int t = 0;
};

// A step on w, in place, for the gradient dw of the cross-entropy. Coupled: the penalty lambda * (sum of w²) is a part of the
// loss, so its gradient goes through Adam. Decoupled (AdamW): Adam sees dw alone, and w shrinks by learning_rate * decay * w.
void step_coupled(Array& w, const Array& dw, double lambda, Adam& adam);
void step_decoupled(Array& w, const Array& dw, double decay, Adam& adam);

}  // namespace exercise
