// A process that is no more, for files that a killed writer would have left behind.
#pragma once

#include "cairn/core/process.h"

#include <unistd.h>

#include <cstdio>

namespace cairn::test {

inline pid_t dead_process() {
    return std::stoi(run_copy([] { std::printf("%ld", static_cast<long>(::getpid())); }).out);
}

}  // namespace cairn::test
