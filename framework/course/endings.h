// How a part's program can end before its time, and what each way usually means.
#pragma once

#include "cairn/core/process.h"

#include <string>

namespace cairn::course {

struct Ending {
    std::string status;  // of PartResult; empty: it ended as it should
    std::string kind;    // "heap-buffer-overflow", by which a known mistake is recognized
    std::string message, hint;
};

// Reads what the sanitizers wrote. `source` is the exercise's file name, whose lines are looked for in their stacks.
Ending ending_of(const ProcessResult& result, const std::string& source);

}  // namespace cairn::course
