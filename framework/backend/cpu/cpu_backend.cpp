#include "cairn/backend/cpu/cpu_backend.h"

#include "cairn/backend/cpu/gemm.h"
#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"

#include <fstream>

namespace cairn {

namespace {

// "AMD EPYC 7B13", as Linux tells it; "CPU" where it does not.
std::string processor_model() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
    }
    return "CPU";
}

}  // namespace

CpuBackend::CpuBackend() { cpu::use_one_blas_thread(); }

std::string CpuBackend::description() const {
    const int count = threads();
    const std::vector<std::string> settings = blas_settings();
    return fmt::format("{}, {} thread{}, OpenBLAS {}{}", processor_model(), count, count == 1 ? "" : "s",
                       cpu::blas_core(), settings.empty() ? "" : fmt::format(" ({})", fmt::join(settings, ", ")));
}

std::unique_ptr<Backend> detail::make_cpu_backend() { return std::make_unique<CpuBackend>(); }

}  // namespace cairn
