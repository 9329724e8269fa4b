// Chapter 13: shaders, and the commands that start them. ./cairn grade 13 says which parts are right.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

// ---- axpy --------------------------------------------------------------------------------------------------------------

std::string axpy_shader() { not_written_yet(); }

// ---- brightness --------------------------------------------------------------------------------------------------------

std::string brightness_shader() { not_written_yet(); }

// ---- matmul ------------------------------------------------------------------------------------------------------------

std::string matmul_shader() { not_written_yet(); }

// ---- sum_shader --------------------------------------------------------------------------------------------------------

std::string sum_shader() { not_written_yet(); }

// ---- sum ---------------------------------------------------------------------------------------------------------------

float sum(Queue& queue, Buffer x, std::size_t n) { not_written_yet(); }

// ---- culprit -----------------------------------------------------------------------------------------------------------

Culprit culprit() { not_written_yet(); }

}  // namespace exercise
