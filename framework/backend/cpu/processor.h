// What the processor is given to do by OpenBLAS, and the most that it could do.
#pragma once

#include <string>
#include <vector>

namespace cairn {

// For the first line of a program: starts it once more, with the arguments it was given, where OpenBLAS does not know this
// processor and would compute far slower than it can. OPENBLAS_CORETYPE, if it is set, is left as it is.
void use_fast_blas(char** argv);

// The variables of the environment that make OpenBLAS take other kernels, or other sizes of blocks, than it chooses for this
// processor: "OPENBLAS_CORETYPE=Haswell". Those for the number of its threads do not matter: it runs one, whatever they say.
std::vector<std::string> blas_settings();

// The most float32 multiplications and additions per second that the processor does with threads() threads: multiply-adds of
// its widest vectors, in registers alone. Measured, in a third of a second; the best of many runs.
double multiply_add_rate();

}  // namespace cairn
