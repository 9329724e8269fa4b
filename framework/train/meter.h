// Meter: the running means of loss and accuracy. Results are read back from the device as they arrive, so that the training
// loop never waits for one in the middle of an epoch.
#pragma once

#include "backend/backend.h"

#include <cstdint>
#include <deque>
#include <memory>

namespace cairn::train {

class Meter {
public:
    // Notes the results of one batch of `size` samples: their mean loss (a scalar) and how many were right (a scalar).
    void add(const Tensor& loss, const Tensor& correct, std::int64_t size);

    // Takes what has arrived; with `wait`, everything. Returns false once a loss that is not finite has been seen.
    bool update(bool wait);

    // Means over the samples whose results have been taken; 0 before the first.
    double loss() const { return samples_ == 0 ? 0 : loss_sum_ / static_cast<double>(samples_); }
    double accuracy() const { return samples_ == 0 ? 0 : correct_ / static_cast<double>(samples_); }

private:
    struct Pending {
        std::unique_ptr<Readback> loss, correct;
        std::int64_t size = 0;
    };

    std::deque<Pending> pending_;
    std::int64_t samples_ = 0;
    double loss_sum_ = 0;
    double correct_ = 0;
    bool finite_ = true;
};

}  // namespace cairn::train
