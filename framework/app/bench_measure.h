// One model's training step on one device, measured.
#pragma once

#include "app/registry.h"
#include "data/dataset.h"

#include <nlohmann/json_fwd.hpp>

namespace cairn::app {

struct BenchTask {
    const ModelEntry& model;
    Device device;
    const data::Dataset& images;
    std::int64_t batch_size = 0;  // 0: the model's
    int steps = 0;
    std::uint64_t seed = 0;
};

// What `cairn bench --json` prints for it. Times are in milliseconds, memory in bytes; null where something cannot be
// measured or does not apply.
nlohmann::ordered_json measure(const BenchTask& task);

}  // namespace cairn::app
