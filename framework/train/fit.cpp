#include "cairn/train/fit.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/gradients.h"
#include "cairn/train/nan_guard.h"

#include <chrono>

namespace cairn::train {

namespace {

using Clock = std::chrono::steady_clock;
using autograd::Phase;
using autograd::Scope;

constexpr std::int64_t judged_at_once = 250;  // images of the validation

// The training of a model, an epoch at a time.
class Training {
public:
    Training(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train, const FitOptions& options,
             FitState& state)
        : model_(model),
          optimizer_(optimizer),
          train_(train),
          options_(options),
          state_(state),
          loader_(model, train,
                  image_weights(train, model.output_shape()[-1], options.class_weight, options.sample_weight)),
          rate_(optimizer.learning_rate()),
          one_(full({}, 1, model.options().dtype, model.options().device)),
          gate_(empty({}, DType::int32, model.options().device)) {
        optimizer.set_parts(parts_of(model, options.groups, options.decays));
        state.history.metrics.clear();
        for (const Metric& metric : options.metrics) state.history.metrics.push_back(metric.name);
    }

    // Trains on what is left of the running epoch; false if it was asked to stop there.
    bool train_epoch() {
        const auto start =
            Clock::now() - std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(state_.seconds));
        const int epoch = state_.running_epoch();
        const data::Batches batches(train_, options_.batch_size, options_.seed, static_cast<std::uint32_t>(epoch));
        Meter meter(state_.epoch);
        bool go_on = true;
        for (std::int64_t i = state_.epoch.batches; i < batches.count() && go_on; ++i) {
            step(batches, i, meter);
            if (!meter.update(i + 1 == batches.count())) fail_on(batches, meter.not_finite());
            const Progress progress{
                epoch, options_.epochs, i + 1, batches.count(), meter.loss(), meter.accuracy(), seconds_since(start)};
            for (Callback* callback : options_.callbacks) callback->on_step(progress);
            go_on = !options_.stop || !options_.stop();
        }
        if (!meter.update(true)) fail_on(batches, meter.not_finite());
        state_.epoch = meter.sums();
        state_.seconds = seconds_since(start);
        return go_on;
    }

    // Judges the model after the epoch, notes the result and turns to the next epoch.
    void finish_epoch(const data::Dataset& validation) {
        const auto start = Clock::now();
        const int epoch = state_.running_epoch();
        const Meter meter(state_.epoch);
        const double ms_per_step = 1e3 * state_.seconds / static_cast<double>(meter.sums().batches);
        const double last_rate = learning_rate(meter.sums().batches - 1, meter.sums().batches);
        const Evaluation judged = judge(validation);
        state_.history.epochs.push_back({epoch, meter.loss(), meter.accuracy(), judged.loss, judged.accuracy,
                                         state_.seconds + seconds_since(start), ms_per_step, last_rate, meter.metrics(),
                                         judged.others});
        state_.epoch = {};
        state_.seconds = 0;
        for (Callback* callback : options_.callbacks) callback->on_epoch(state_.history.epochs.back(), options_.epochs);
    }

private:
    static double seconds_since(Clock::time_point start) {
        return std::chrono::duration<double>(Clock::now() - start).count();
    }

    // Steps are counted over the whole training: every one draws dropout masks of its own.
    std::int64_t step_of(std::int64_t batch, std::int64_t batches) const {
        return (state_.running_epoch() - 1) * batches + batch;
    }

    nn::Call call(std::int64_t batch, std::int64_t batches) const {
        return {.training = true, .seed = options_.seed, .step = static_cast<std::uint32_t>(step_of(batch, batches))};
    }

    double learning_rate(std::int64_t batch, std::int64_t batches) const {
        double rate = rate_ * optim::factor(options_.schedule, step_of(batch, batches), batches, options_.epochs);
        if (options_.schedule.kind == optim::Schedule::Kind::plateau) {
            std::vector<double> losses;
            for (const EpochRecord& epoch : state_.history.epochs) losses.push_back(epoch.val_loss);
            rate *= optim::plateau_factor(options_.schedule, losses);
        }
        return rate;
    }

    Evaluation judge(const data::Dataset& validation) const {
        const optim::Averaged averaged(optimizer_, model_.values());
        return evaluate(model_, validation, judged_at_once, options_.loss, options_.metrics);
    }

    // Forward, backward, update. The update is left out where a gradient is not finite.
    void step(const data::Batches& batches, std::int64_t index, Meter& meter) {
        const nn::Call training = call(index, batches.count());
        const Batch batch = load(batches, index, training);
        Backend& device = backend(model_.values());
        const BatchLoss result = gradients(model_, batch, training, one_, options_.loss);
        update(learning_rate(index, batches.count()));

        const Scope scope("metrics", Phase::other);
        const autograd::NoGrad guard;
        Tensors metrics;
        for (const Metric& metric : options_.metrics) metrics.push_back(metric.of(result.logits, batch.labels));
        meter.add(result.loss, ops::count_correct(result.logits, batch.labels), batch.labels.size(), gate_, metrics);
        device.end_step();
    }

    Batch load(const data::Batches& batches, std::int64_t index, const nn::Call& training) {
        const Scope scope("batch", Phase::data);
        return loader_.load(batches, index, options_.augmentation, training);
    }

    void update(double rate) {
        const Scope scope("optimizer", Phase::update);
        backend(gate_).all_finite(model_.gradients(), gate_);
        optimizer_.set_learning_rate(rate);
        optimizer_.update(model_.values(), model_.gradients(), gate_);
    }

    // A batch was not finite: runs it again, step by step, to say where.
    [[noreturn]] void fail_on(const data::Batches& batches, std::int64_t index) {
        const nn::Call training = call(index, batches.count());
        const Batch batch = loader_.load(batches, index, options_.augmentation, training);
        const std::string where = first_not_finite(model_, batch, training, options_.loss);
        fail("the {} not finite any more in epoch {}, step {}{}; a smaller --learning-rate usually helps",
             where.starts_with("are the gradients") ? "gradients are" : "loss is", state_.running_epoch(), index + 1,
             where.empty() ? "" : ": the first values that are not finite " + where);
    }

    nn::Model& model_;
    optim::Optimizer& optimizer_;
    const data::Dataset& train_;
    const FitOptions& options_;
    FitState& state_;
    Loader loader_;
    double rate_;  // the schedule's start
    Tensor one_;   // the loss's gradient with respect to itself
    Tensor gate_;  // 1 if all gradients are finite
};

}  // namespace

History fit(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train, const data::Dataset& validation,
            const FitOptions& options) {
    FitState state;
    fit(model, optimizer, train, validation, options, state);
    return state.history;
}

void fit(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train, const data::Dataset& validation,
         const FitOptions& options, FitState& state) {
    check(options.epochs >= 1, "the number of epochs must be at least 1, not {}", options.epochs);
    check(options.batch_size >= 1, "the batch size must be at least 1, not {}", options.batch_size);

    const double rate = optimizer.learning_rate();
    Training training(model, optimizer, train, options, state);
    state.history.interrupted = false;
    while (state.running_epoch() <= options.epochs && !state.history.interrupted) {
        if (options.enough && options.enough(state.history)) break;
        state.history.interrupted = !training.train_epoch();
        if (!state.history.interrupted) training.finish_epoch(validation);
        if (options.save) options.save(state);
    }
    optimizer.set_learning_rate(rate);
    if (!state.history.interrupted && optimizer.average().defined())
        backend(model.values()).copy(optimizer.average(), model.values());
}

}  // namespace cairn::train
