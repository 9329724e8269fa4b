// The layers, with Keras's names, arguments and defaults, each kind in a header of its own. What is more than a line stands in
// a .cpp of the layer's name.
//
//   nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same})
//
// Sizes of inputs are inferred when the model is put together.
#pragma once

#include "cairn/nn/activation_layer.h"
#include "cairn/nn/augmentation.h"
#include "cairn/nn/convolution.h"
#include "cairn/nn/dense.h"
#include "cairn/nn/input.h"
#include "cairn/nn/merging.h"
#include "cairn/nn/noise.h"
#include "cairn/nn/normalization.h"
#include "cairn/nn/pooling.h"
#include "cairn/nn/preprocessing.h"
#include "cairn/nn/shaping.h"
