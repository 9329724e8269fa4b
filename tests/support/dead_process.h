// A process that is no more, for files that a killed writer would have left behind.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace cairn::test {

inline pid_t dead_process() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

}  // namespace cairn::test
