#include "train/fit.h"

#include "autograd/graph.h"
#include "backend/backends.h"
#include "train/evaluate.h"
#include "train/loader.h"
#include "train/meter.h"

#include <chrono>

namespace cairn::train {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One step of training: forward, backward, update. The batch's results go to the meter.
void train_step(nn::Model& model, optim::Optimizer& optimizer, const Batch& batch, const nn::Call& call, Meter& meter) {
    model.clear_gradients();
    const BatchLoss result = batch_loss(model, batch.images, batch.labels, call);
    autograd::backward(result.loss);
    model.complete_gradients();
    optimizer.update(model.values(), model.gradients());
    meter.add(result.loss, ops::count_correct(result.logits, batch.labels), batch.labels.size());
    backend(model.values()).end_step();
}

}  // namespace

BatchLoss batch_loss(const nn::Model& model, const Tensor& images, const Tensor& labels, const nn::Call& call) {
    const Tensor penalty =
        model.penalty();  // first, so that backward comes to it last and adds to the layers' gradients
    const Tensor logits = model(images, call);
    const Tensor loss = ops::softmax_cross_entropy(logits, labels);
    return {penalty.defined() ? ops::add(loss, penalty) : loss, logits};
}

History fit(nn::Model& model, optim::Optimizer& optimizer, const data::Dataset& train, const data::Dataset& validation,
            const FitOptions& options) {
    check(options.epochs >= 1, "the number of epochs must be at least 1, not {}", options.epochs);
    check(options.batch_size >= 1, "the batch size must be at least 1, not {}", options.batch_size);

    Loader loader(model, train);
    History history;
    std::uint32_t step = 0;  // over the whole training: every step draws dropout masks of its own
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        const auto start = Clock::now();
        const data::Batches batches(train, options.batch_size, options.seed, static_cast<std::uint32_t>(epoch));
        Meter meter;
        for (std::int64_t i = 0; i < batches.count(); ++i) {
            const nn::Call call{.training = true, .seed = options.seed, .step = step++};
            train_step(model, optimizer, loader.load(batches, i), call, meter);
            check(meter.update(i + 1 == batches.count()),
                  "the loss is not finite any more in epoch {}, step {}; a smaller --learning-rate usually helps",
                  epoch, i + 1);

            const Progress progress{
                epoch, options.epochs, i + 1, batches.count(), meter.loss(), meter.accuracy(), seconds_since(start)};
            for (Callback* callback : options.callbacks) callback->on_step(progress);
            if (options.stop && options.stop()) {
                history.interrupted = true;
                return history;
            }
        }
        const double ms_per_step = 1e3 * seconds_since(start) / static_cast<double>(batches.count());
        const Evaluation judged = evaluate(model, validation);
        history.epochs.push_back({epoch, meter.loss(), meter.accuracy(), judged.loss, judged.accuracy,
                                  seconds_since(start), ms_per_step, optimizer.learning_rate()});
        for (Callback* callback : options.callbacks) callback->on_epoch(history.epochs.back(), options.epochs);
    }
    return history;
}

}  // namespace cairn::train
