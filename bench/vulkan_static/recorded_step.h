// What a training step asks of a GPU, recorded on a software driver with a GPU's plan.
#pragma once

#include "cairn/nn/model.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cairn::bench {

struct Dispatched {
    std::string shader;
    std::vector<std::uint32_t> constants;
    std::uint32_t bindings = 0;
    std::uint64_t groups = 0;
    std::uint64_t bytes = 0;  // of the buffers that are bound: each is read or written at least once, or bound for less
    bool waits = false;       // behind a barrier
    std::uint32_t M = 0, N = 0, part = 0;  // of a matrix product: its sums, and the terms that a group adds up

    bool is_product() const { return part > 0; }
    std::uint32_t invocations() const { return is_product() ? constants[5] : 128; }
    std::uint32_t rounds() const { return part / constants[2]; }  // of TILE_K terms
    std::string name() const;  // "conv2d 128x32x16 (1 0 1)": its tile, and the constants after it
};

// The second step of a training, from its batch to the count of right answers. Throws Error where there is no software driver.
std::vector<Dispatched> recorded_step(const std::function<nn::Model()>& make, std::int64_t batch_size);

}  // namespace cairn::bench
