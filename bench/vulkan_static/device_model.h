// How long a step would take on GPUs that this machine does not have: an estimate, whose assumptions stand here and in the page
// that it writes, so that a measurement can refute them.
#pragma once

#include "vulkan_static/assembly.h"
#include "vulkan_static/recorded_step.h"

#include <map>
#include <span>

namespace cairn::bench {

struct GpuModel {
    const char* name;
    double units;       // compute units, multiprocessors
    double schedulers;  // of a unit, each of which issues a vector instruction of `width` numbers a cycle
    double width;
    double gigahertz;
    double bytes_per_second;
    double seconds_per_wait;  // what a dispatch that waits for the one before costs besides
};

std::span<const GpuModel> gpu_models();

// By shader and constants
using Kernels = std::map<std::pair<std::string, std::vector<std::uint32_t>>, Counted>;

struct Estimate {
    double products = 0, others = 0, waits = 0;  // seconds
    double all() const { return products + others + waits; }
};
Estimate estimate(const GpuModel& gpu, const std::vector<Dispatched>& step, const Kernels& kernels);

}  // namespace cairn::bench
