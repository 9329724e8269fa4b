// Meter: the running means of loss and accuracy. Results are read back from the device as they arrive, so that the
// training loop never waits for one in the middle of an epoch.
#pragma once

#include "cairn/backend/backend.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace cairn::train {

// What a meter has taken so far.
struct MeterSums {
    std::int64_t batches = 0, samples = 0;
    double loss = 0;                // of every sample
    double correct = 0;             // how many samples were right
    std::vector<double> metrics{};  // the sums of further metrics over the samples
};

class Meter {
public:
    explicit Meter(const MeterSums& sums = {}) : sums_(sums) {}

    // Notes the results of one batch of `size` samples: their mean loss (a scalar), how many were right (a scalar) and,
    // if given, a scalar that is 0 where the batch's gradients are not all finite; and the means (scalars) of further metrics.
    void add(const Tensor& loss, const Tensor& correct, std::int64_t size, const Tensor& finite = {},
             const Tensors& metrics = {});

    // Takes what has arrived; with `wait`, everything. Returns false once a batch was not finite.
    bool update(bool wait);
    // The index of the first batch whose loss or gradients were not finite; -1 if there was none.
    std::int64_t not_finite() const { return not_finite_; }

    const MeterSums& sums() const { return sums_; }
    // Means over the samples whose results have been taken; 0 before the first.
    double loss() const { return sums_.samples == 0 ? 0 : sums_.loss / static_cast<double>(sums_.samples); }
    double accuracy() const { return sums_.samples == 0 ? 0 : sums_.correct / static_cast<double>(sums_.samples); }
    std::vector<double> metrics() const;

private:
    struct Pending {
        std::unique_ptr<Readback> loss, correct, finite;
        std::int64_t size = 0;
        std::vector<std::unique_ptr<Readback>> metrics{};

        bool ready() const;
    };

    std::deque<Pending> pending_;
    MeterSums sums_;
    std::int64_t not_finite_ = -1;
};

}  // namespace cairn::train
