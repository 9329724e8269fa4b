// A measurement in a process of its own: memory that an earlier one left behind would hide what this one needs.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>

namespace cairn::measure {

// What `measure` returns, computed in a child process. Throws what it threw (Error stays Error), and Error if the child
// ended otherwise. The calling process must not have used more than one thread yet: a child would miss them.
nlohmann::ordered_json in_own_process(const std::function<nlohmann::ordered_json()>& measure);

// Resident memory of this process in bytes. Linux only: 0 elsewhere.
struct ResidentMemory {
    std::int64_t now = 0;
    std::int64_t peak = 0;  // since the start, or the last forget_peak()
};
ResidentMemory resident_memory();
void forget_peak();

}  // namespace cairn::measure
