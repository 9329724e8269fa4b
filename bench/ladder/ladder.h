// A ladder: one kernel on one shape, computed in several ways, the plainest first. Every rung is checked against the
// first one, the reference, before it is timed.
#pragma once

#include "cairn/backend/devices.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::bench {

struct Rung {
    std::function<void()> run;  // overwrites `result`, or updates it
    Tensor result;
    double error = 0;  // |result - reference| / |reference| (Euclidean norms) after one run of each
};

struct Ladder {
    std::vector<Rung> rungs;  // the first is the reference
    double flops = 0;         // of one run; 0: not counted
    double bytes = 0;         // that one run must move; 0: not counted
};

// Registers the benchmarks NAME/RUNG, one per name of a rung. `make` sets the ladder up when the first of them runs; its
// rungs stand in the order of their names. A rung that does not agree with the reference is reported and not timed.
void add_ladder(const std::string& name, const std::vector<std::string>& rungs, std::function<Ladder()> make);

// A float32 tensor of numbers in [-1, 1), the same for the same ordinal on every device.
Tensor noise(const Shape& shape, const Device& device, std::uint32_t ordinal);

inline const Device slow = Device::reference();
inline const Device fast = Device::cpu();

}  // namespace cairn::bench
