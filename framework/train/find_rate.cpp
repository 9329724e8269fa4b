#include "cairn/train/find_rate.h"

#include "cairn/backend/devices.h"
#include "cairn/train/gradients.h"
#include "cairn/train/parameter_groups.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace cairn::train {

namespace {

constexpr double kept = 0.9;    // of the sum of losses, from step to step
constexpr double too_much = 4;  // times the lowest smoothed loss: it has diverged

// The values and the state of a model; it gets them back.
class Kept {
public:
    explicit Kept(const nn::Model& model)
        : values_(model.values()),
          state_(model.state()),
          value_bytes_(bytes_of(values_)),
          state_bytes_(bytes_of(state_)) {}
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
    ~Kept() {
        if (!value_bytes_.empty()) values_.upload(value_bytes_.data());
        if (!state_bytes_.empty()) state_.upload(state_bytes_.data());
    }

private:
    static std::vector<std::uint8_t> bytes_of(const Tensor& tensor) {
        std::vector<std::uint8_t> bytes(tensor.defined() ? tensor.bytes() : 0);
        if (!bytes.empty()) tensor.download(bytes.data());
        return bytes;
    }

    Tensor values_, state_;
    std::vector<std::uint8_t> value_bytes_, state_bytes_;
};

}  // namespace

const RateStep& RateCurve::lowest() const {
    invariant(!steps.empty(), "a curve of no steps has no lowest one");
    return *std::ranges::min_element(steps, {}, &RateStep::smoothed);
}

bool add_step(RateCurve& curve, double rate, double loss) {
    double sum = loss, weights = 1, weight = 1;
    for (auto step = curve.steps.rbegin(); step != curve.steps.rend() && weight > 1e-12; ++step) {
        weight *= kept;
        sum += weight * step->loss;
        weights += weight;
    }
    const double smoothed = sum / weights;
    const double least = curve.steps.empty() ? smoothed : curve.lowest().smoothed;
    curve.diverged = !std::isfinite(smoothed) || smoothed > too_much * least;
    if (std::isfinite(smoothed)) curve.steps.push_back({rate, loss, smoothed});
    return !curve.diverged;
}

RateCurve find_rate(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train,
                    const FindRateOptions& options) {
    check(options.lowest > 0 && options.highest > options.lowest && std::isfinite(options.highest),
          "the rates must be above 0 and rise, not from {} to {}", options.lowest, options.highest);
    check(options.steps >= 2, "a curve needs at least 2 steps, not {}", options.steps);
    check(options.batch_size >= 1, "the batch size must be at least 1, not {}", options.batch_size);
    const Kept before(model);
    optimizer.set_parts(parts_of(model, {}));
    Loader loader(model, train, image_weights(train, model.output_shape()[-1], options.class_weight, {}));
    const Tensor one = full({}, 1, model.options().dtype, model.options().device);
    const Tensor gate = empty({}, DType::int32, model.options().device);
    RateCurve curve;
    std::optional<data::Batches> batches;
    for (int step = 0; step < options.steps; ++step) {
        const std::int64_t count = data::Batches(train, options.batch_size).count(), batch = step % count;
        if (batch == 0)
            batches.emplace(train, options.batch_size, options.seed, static_cast<std::uint32_t>(step / count + 1));
        const nn::Call call{.training = true, .seed = options.seed, .step = static_cast<std::uint32_t>(step)};
        const double rate = options.lowest * std::pow(options.highest / options.lowest, step / (options.steps - 1.0));
        const double loss =
            gradients(model, loader.load(*batches, batch, options.augmentation, call), call, one, options.loss)
                .loss.item();
        if (!add_step(curve, rate, loss)) break;
        backend(gate).all_finite(model.gradients(), gate);
        optimizer.set_learning_rate(rate);
        optimizer.update(model.values(), model.gradients(), gate);
        backend(gate).end_step();
        if (curve.interrupted = options.stop && options.stop(); curve.interrupted) break;
    }
    check(!curve.steps.empty(), "the loss of the first batch is not finite, before any step was taken");
    return curve;
}

}  // namespace cairn::train
