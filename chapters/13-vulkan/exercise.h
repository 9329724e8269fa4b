// Chapter 13: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"
#include "chapters/13-vulkan/queue.h"

#include <string>

namespace exercise {

using cairn::course::not_written_yet;

// Each function but the last two returns a compute shader in GLSL. Buffers are bound to binding 0, 1, … of set 0 in the order
// given here; they may be longer than what they hold, and nothing behind it may be written. Push constants are 32 bits each, in
// the order given.

// y[i] = a x[i] + y[i] for i < n.    0 x, 1 y    push: uint n, float a    local_size_x = 64
// A few workgroups are started, however large n is: each invocation has several elements.
std::string axpy_shader();

// y[i] = 0.299 r + 0.587 g + 0.114 b of pixel i < n; x holds r g b r g b …    0 x, 1 y    push: uint n    local_size_x = 64
// There is an invocation for each pixel, and some more.
std::string brightness_shader();

// c = a b, with tiles in shared memory: a (M, K), b (K, N), c (M, N).    0 a, 1 b, 2 c    push: uint M, N, K
// local_size_x = local_size_y = 16. Workgroup (x, y) computes the tile of c at row 16 y, column 16 x.
std::string matmul_shader();

// y[g] = the sum of workgroup g's share of x[i], i < n, so that the sum of y is that of x.    0 x, 1 y    push: uint n
// local_size_x = 64. Any number of workgroups may be started. Equal runs give equal bits: no atomics.
std::string sum_shader();

// The sum of the n floats of x, by sum_shader(), in two dispatches: 32 sums, and the sum of these.
float sum(Queue& queue, Buffer x, std::size_t n);

// What `./cairn chapter 13` runs into: the op whose shader is wrong, as `diverge` names it.
struct Culprit {
    std::string op;    // "conv2d"
    std::string pass;  // "forward", "backward" or "update"
};
Culprit culprit();

}  // namespace exercise
