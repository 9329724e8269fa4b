// The command line: cairn models | summary | train | evaluate | predict | gradcheck | data | devices.
#pragma once

#include "cairn/app/registry.h"

namespace cairn::app {

// Runs the command in argv and returns the exit status: 0 done, 1 failed, 2 wrong usage. Errors become one readable
// line on standard error.
int run(const Registry& registry, int argc, char** argv);

}  // namespace cairn::app
