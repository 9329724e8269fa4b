// diverge: the same steps of training on two devices or in two precisions, compared op by op.
//
// The left model takes a step and every result is kept; then the right model takes the same step. Each result of the
// right is compared with the left's and then *overwritten* by it, so that the next op on the right starts from the
// left's values: every op is judged on its own, nothing drifts, and the first difference is the op that made it.
#pragma once

#include "cairn/data/dataset.h"
#include "cairn/nn/model.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::train {

// One tensor, as both sides computed it from the same inputs.
struct Comparison {
    int step = 0;        // from 1
    std::string pass;    // "data", "forward", "backward", "update"
    std::string layer;   // as the model names it, "loss", "optimizer", …
    std::string op;      // "conv2d"
    std::string tensor;  // "output", "signs", "argmax", "gradient of conv2d/kernel", …
    Shape shape;
    // |right - left| / max(|left|, floor), by norm. The floor of a parameter's gradient is 1 % of the largest among those
    // that the same op computes: the bias of a convolution before a batch norm has gradient zero but for rounding. Of
    // argmax: the share of other choices, since values that are equal but for rounding may be chosen either way.
    double error = 0;
    double bound = 0;
    std::int64_t index = 0;  // where they differ most (argmax: first)
    double left = 0, right = 0;
    // Of argmax the other choices; of signs (what a ReLU passes on) the elements that are above zero on one side only. Both
    // are rounding's work where the error is within the bound, and go on as the left decides.
    std::int64_t branches = 0;

    bool parted() const { return !(error <= bound); }
};

struct DivergeOptions {
    int steps = 1;
    std::int64_t batch_size = 8;
    std::uint64_t seed = 0;
    double bound = 1e-4;
    bool go_on = false;  // past the first that parted
};

struct DivergeResult {
    std::optional<Comparison> first;  // that parted
    std::vector<Comparison> worst;    // of every tensor over all steps, in the order in which they are computed
    std::int64_t compared = 0;        // tensors
    std::int64_t branches = 0;        // decided otherwise, in all of them
};

// Both models are of the same kind and initialized; the right one starts with the left one's values. Trains them with
// Adam on the first batches of `images`.
DivergeResult diverge(nn::Model& left, nn::Model& right, const data::Dataset& images, const DivergeOptions& options);

// A bound that correct kernels keep: in float32 sums of some 10^5 products lose up to 5 digits of 7.
double usual_bound(DType left, DType right);

}  // namespace cairn::train
