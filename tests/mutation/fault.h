// Included before everything else in the mutated copy of the sources: does this process have the fault of this number?
// CAIRN_FAULT holds a fault's name; its number is the name's hash (FNV-1a, as in faults.py), so that a new row of the
// table leaves the numbers of the others, and what was compiled with them, as they are.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace cairn {

inline const std::uint32_t chosen_fault = [] {
    const char* name = std::getenv("CAIRN_FAULT");
    std::uint32_t number = 2166136261u;
    for (; name != nullptr && *name != '\0'; ++name) number = (number ^ static_cast<unsigned char>(*name)) * 16777619u;
    return number;
}();

inline bool fault(std::uint32_t number) { return number == chosen_fault; }

}  // namespace cairn
