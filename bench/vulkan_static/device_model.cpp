#include "vulkan_static/device_model.h"

#include <algorithm>
#include <cmath>

namespace cairn::bench {

namespace {

constexpr GpuModel models[] = {
    {"NVIDIA H100", 132, 4, 32, 1.75, 3.3e12, 3e-6},
    {"AMD Radeon RX 7900 XTX", 96, 2, 32, 2.4, 0.96e12, 5e-6},
    {"AMD Radeon 780M", 12, 2, 32, 2.7, 75e9, 6e-6},
};

constexpr double shortest = 1e-6;  // seconds that any dispatch takes

// The share of its issue slots that a scheduler uses, with so many groups of 64 invocations each to choose from: fewer leave
// the latency of memory and of shared memory open.
double efficiency(double waves_of_a_scheduler) {
    if (waves_of_a_scheduler >= 4) return 0.85;
    if (waves_of_a_scheduler >= 3) return 0.75;
    return waves_of_a_scheduler >= 2 ? 0.65 : 0.45;
}

// Vector instructions of the hot loop, rounds times, by all waves, spread over the schedulers; the wave that is last decides.
double product_seconds(const GpuModel& gpu, const Dispatched& what, const Counted& kernel) {
    const double wave = 64, cycles_per_instruction = wave / gpu.width;
    const double waves = static_cast<double>(what.groups) * what.invocations() / wave;
    const double schedulers = gpu.units * gpu.schedulers;
    const double each = std::max(waves / schedulers, std::min(1.0, waves));  // waves that a busy scheduler runs
    const double cycles = std::ceil(each) * what.rounds() * kernel.loop.vector * cycles_per_instruction;
    return cycles / (gpu.gigahertz * 1e9) / efficiency(each);
}

}  // namespace

std::span<const GpuModel> gpu_models() { return models; }

Estimate estimate(const GpuModel& gpu, const std::vector<Dispatched>& step, const Kernels& kernels) {
    Estimate sum;
    for (const Dispatched& what : step) {
        const double moving = static_cast<double>(what.bytes) / gpu.bytes_per_second;
        const auto kernel = kernels.find({what.shader, what.constants});
        if (what.is_product() && kernel != kernels.end())
            sum.products += std::max({shortest, moving, product_seconds(gpu, what, kernel->second)});
        else sum.others += std::max(shortest, moving);
        if (what.waits) sum.waits += gpu.seconds_per_wait;
    }
    return sum;
}

}  // namespace cairn::bench
