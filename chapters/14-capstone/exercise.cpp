// Chapter 14: an op from the formula to the GPU, and its tests. ./cairn grade 14 says which parts are right.
#include "chapters/14-capstone/exercise.h"

namespace exercise {

// ---- loops -------------------------------------------------------------------------------------------------------------

Array rms_norm_loops(const Array& x, const Array& gain, double epsilon) { not_written_yet(); }

// ---- loops_backward ----------------------------------------------------------------------------------------------------

Gradients rms_norm_loops_backward(const Array& x, const Array& gain, double epsilon, const Array& dy) {
    not_written_yet();
}

// ---- cpu ---------------------------------------------------------------------------------------------------------------

void rms_norm_cpu(std::span<const float> x, std::span<const float> gain, float epsilon, std::span<float> y,
                  std::span<float> r) {
    not_written_yet();
}

// ---- cpu_backward ------------------------------------------------------------------------------------------------------

void rms_norm_cpu_backward(std::span<const float> x, std::span<const float> gain, std::span<const float> r,
                           std::span<const float> dy, std::span<float> dx, std::span<float> dgain) {
    not_written_yet();
}

// ---- shader ------------------------------------------------------------------------------------------------------------

std::string rms_norm_shader() { not_written_yet(); }

// ---- shaders_backward --------------------------------------------------------------------------------------------------

std::string rms_norm_dx_shader() { not_written_yet(); }

std::string rms_norm_dgain_shader() { not_written_yet(); }

// ---- op ----------------------------------------------------------------------------------------------------------------

Tensor rms_norm(const Tensor& x, const Tensor& gain, double epsilon) { not_written_yet(); }

// ---- tests -------------------------------------------------------------------------------------------------------------

bool accepts(const Implementation& op) { not_written_yet(); }

// ---- leaked ------------------------------------------------------------------------------------------------------------

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) { not_written_yet(); }

// ---- report ------------------------------------------------------------------------------------------------------------

Report report(const std::vector<Run>& runs) { not_written_yet(); }

}  // namespace exercise
