// The images of a training run, found again.
#pragma once

#include "cairn/app/common_options.h"
#include "cairn/train/run_config.h"

namespace cairn::app {

// The images that the run in the folder `run` was begun with, --limit included. `folder`: where they are by now, as --data says;
// if it is empty, they are looked for where they were then, and where every command looks. Throws Error where they cannot be
// read or are others, and says what to do.
data::Located load_run_data(const train::RunConfig& config, const std::string& run, const std::string& folder);

}  // namespace cairn::app
