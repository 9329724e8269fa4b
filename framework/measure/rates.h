// What a device could do at best, to compare a training step with: measured, not taken from a data sheet.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/nn/model.h"

namespace cairn::measure {

// Floating-point operations per second of a large float32 matrix product, through the backend's matmul: 2 n^3 for
// matrices (n, n). n is 2048, or less where a product takes over 20 ms anyway. The best of several.
double sgemm_rate(Backend& device);

// Bytes per second that a copy of an array moves, counted as STREAM does (McCalpin 1995): those it reads plus those it
// writes. 128 MB each, beyond any cache of today's desktops and all that some Vulkan drivers allow a tensor to have; the
// best of several.
double copy_rate(Backend& device);

// Floating-point operations of a training step: those of a layer's forward pass, and the same again for the gradient of
// its parameters and for that of its inputs. The latter is not needed where nothing before the layer is trained.
std::int64_t step_flops(const nn::Model& model, std::int64_t batch);
// Of one layer, per image; i is its index in model.layers().
std::int64_t step_flops_of_layer(const nn::Model& model, std::size_t i);

// Bytes that a step must move if activations stay in the cache and parameters do not:
//   Adam, per trainable parameter      reads g, m, v, w and writes m, v, w: 7 numbers
//   a product, per element of a kernel reads it forward, writes its gradient, and reads it once more for the gradient of
//                                      the layer's inputs, where that is needed: 2 or 3 numbers
std::int64_t moved_bytes(const nn::Model& model);

}  // namespace cairn::measure
