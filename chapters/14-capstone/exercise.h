// Chapter 14: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/launch.h"
#include "cairn/course/exercise.h"

#include <functional>
#include <span>

namespace exercise {

using cairn::Tensor;
using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

struct Gradients {
    Array dx, dgain;
};

// ---- the op as plain loops, in float64 ---------------------------------------------------------------------------------

// y = gain x / root, root = the square root of (mean of x² over the last axis + epsilon): x (…, C), gain (C) -> y (…, C).
// Throws cairn::Error where they do not fit; README.md says what the message holds.
Array rms_norm_loops(const Array& x, const Array& gain, double epsilon);
Gradients rms_norm_loops_backward(const Array& x, const Array& gain, double epsilon, const Array& dy);

// ---- for the processor, in float32 -------------------------------------------------------------------------------------

// The same for x (M, C), M = r.size() and C = gain.size(), and r[m] = 1 / root of row m, which backward uses.
void rms_norm_cpu(std::span<const float> x, std::span<const float> gain, float epsilon, std::span<float> y,
                  std::span<float> r);
void rms_norm_cpu_backward(std::span<const float> x, std::span<const float> gain, std::span<const float> r,
                           std::span<const float> dy, std::span<float> dx, std::span<float> dgain);

// ---- for the GPU -------------------------------------------------------------------------------------------------------

// GLSL, local_size_x = 64, all with the push constants of Push. Bindings, and how many workgroups are started:
std::string rms_norm_shader();        // 0 x, 1 gain, 2 y, 3 r             one for each row
std::string rms_norm_dx_shader();     // 0 x, 1 gain, 2 r, 3 dy, 4 dx      one for each row
std::string rms_norm_dgain_shader();  // 0 x, 1 r, 2 dy, 3 dgain           one for 64 columns

struct Push {
    std::uint32_t rows, columns;
    float epsilon;
};

// Is given: compiles a shader at its first use and starts it. {reads(x), writes(y)}: cairn/backend/vulkan/launch.h.
void run_shader(const std::string& glsl, const std::vector<cairn::vulkan::Operand>& operands, std::size_t groups,
                const Push& push);

// ---- the op, on every device -------------------------------------------------------------------------------------------

// With a gradient: float32 and float64 on `reference` and `cpu`, float32 on `vulkan`.
Tensor rms_norm(const Tensor& x, const Tensor& gain, double epsilon);

// ---- its tests ---------------------------------------------------------------------------------------------------------

// What your tests judge: your loops, or an implementation that may be wrong, in float64 or in float32.
struct Implementation {
    std::function<Array(const Array& x, const Array& gain, double epsilon)> forward;
    std::function<Gradients(const Array& x, const Array& gain, double epsilon, const Array& dy)> backward;
};

// Do all of your tests pass?
bool accepts(const Implementation& op);

// ---- what a number is worth --------------------------------------------------------------------------------------------

using Image = std::vector<std::uint8_t>;

// Which of the test images, by their index and in order, stand among the training images too, byte for byte?
std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test);

struct Run {
    std::vector<double> validation, test;  // accuracy after each epoch, of the same network
};
struct Report {
    double mean, deviation;
};

// The accuracy to report of one model trained with some seeds: each run's epoch is chosen by validation (of equal ones the
// first); mean and standard deviation (over n - 1) of the test accuracies there.
Report report(const std::vector<Run>& runs);

}  // namespace exercise
