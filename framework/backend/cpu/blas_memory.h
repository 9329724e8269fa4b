// OpenBLAS's memory. It tries again without end where the system refuses it, so it must be sure to get it.
#pragma once

namespace cairn::cpu {

// Sees to it that OpenBLAS has memory for a product in each of threads() threads at the same time, in this one too. For a call
// before each product: it does something the first time only. Throws Error if the system gives no more.
void reserve_blas_memory();

}  // namespace cairn::cpu
