// Debian's OpenBLAS knows the processors of its time by their model numbers, and takes a newer one for a "Prescott" of 2004:
// products are then 6 to 8 times as slow as they could be. It reads OPENBLAS_CORETYPE when it is loaded, which is before
// main(), so the program has to start once more.
#include "cairn/backend/cpu/processor.h"

#include "cairn/backend/cpu/gemm.h"

#include <cstdlib>

#ifdef __linux__
#include <unistd.h>
#endif

namespace cairn {

namespace {

constexpr const char* core_type = "OPENBLAS_CORETYPE";
[[maybe_unused]] constexpr const char* second_start = "CAIRN_CHOSE_OPENBLAS_CORETYPE";

}  // namespace

void use_fast_blas([[maybe_unused]] char** argv) {
#if defined(__linux__) && defined(__x86_64__)
    if (std::getenv(second_start) != nullptr) {
        // OpenBLAS has read it. It is no setting of the person who started the program.
        ::unsetenv(core_type);
        ::unsetenv(second_start);
        return;
    }
    if (std::getenv(core_type) != nullptr) return;
    const std::string chosen = cpu::blas_core();
    if (chosen != "Prescott" && chosen != "Core2" && chosen != "Generic") return;
    const char* better = nullptr;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        better = "SkylakeX";
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) better = "Haswell";
    if (better == nullptr) return;
    ::setenv(core_type, better, 1);
    ::setenv(second_start, "1", 1);
    ::execv("/proc/self/exe", argv);
    ::unsetenv(core_type);  // it could not be started again: go on, slowly
    ::unsetenv(second_start);
#endif
}

std::vector<std::string> blas_settings() {
    std::vector<std::string> settings;
    for (const char* name : {core_type, "OPENBLAS_L2_SIZE", "OPENBLAS_BLOCK_FACTOR"})
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
            settings.push_back(std::string(name) + "=" + value);
    return settings;
}

}  // namespace cairn
