// Debian's OpenBLAS knows the processors of its time by their model numbers, and takes a newer one for a "Prescott" of 2004:
// products are then 6 to 8 times as slow as they could be. It reads OPENBLAS_CORETYPE when it is loaded, which is before
// main(), so the program has to start once more.
#include "backend/backends.h"
#include "backend/cpu/gemm.h"

#include <cstdlib>
#include <string_view>

#ifdef __linux__
#include <unistd.h>
#endif

namespace cairn {

void use_fast_blas([[maybe_unused]] char** argv) {
#if defined(__linux__) && defined(__x86_64__)
    if (std::getenv("OPENBLAS_CORETYPE") != nullptr) return;
    const std::string chosen = cpu::blas_core();
    if (chosen != "Prescott" && chosen != "Core2" && chosen != "Generic") return;
    const char* better = nullptr;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        better = "SkylakeX";
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) better = "Haswell";
    if (better == nullptr) return;
    ::setenv("OPENBLAS_CORETYPE", better, 1);
    ::execv("/proc/self/exe", argv);
    ::unsetenv("OPENBLAS_CORETYPE");  // it could not be started again: go on, slowly
#endif
}

}  // namespace cairn
