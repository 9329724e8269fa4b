#include "cairn/train/evaluate.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/train/loader.h"

namespace cairn::train {

namespace {

// Computes the logits of all images in order, and calls f(logits, labels, penalties) for each batch, the last being those on
// its layers' outputs.
template <typename F>
std::vector<float> for_each_batch(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size,
                                  const F& f) {
    const autograd::NoGrad guard;
    Loader loader(model, dataset);
    const data::Batches batches(dataset, batch_size);
    std::vector<float> all;
    for (std::int64_t i = 0; i < batches.count(); ++i) {
        const Batch batch = loader.load(batches, i);
        Tensors penalties;
        const Tensor logits = model(batch.images, {.penalties = &penalties});
        const std::vector<float> values = to_dtype(logits, DType::float32).to_vector<float>();
        all.insert(all.end(), values.begin(), values.end());
        f(logits, batch.labels, penalties);
    }
    return all;
}

}  // namespace

Evaluation evaluate(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size, const nn::Loss& loss,
                    const std::vector<Metric>& metrics) {
    metrics::ConfusionMatrix confusion(static_cast<int>(dataset.classes.size()));
    double sum = 0;
    std::vector<double> others(metrics.size());
    const auto judge = [&](const Tensor& logits, const Tensor& labels, const Tensors& penalties) {
        const auto size = static_cast<double>(labels.size());
        double of_batch = loss(logits, labels).item();
        for (const Tensor& of_output : penalties) of_batch += of_output.item();
        sum += of_batch * size;
        for (std::size_t i = 0; i < metrics.size(); ++i) others[i] += metrics[i].of(logits, labels).item() * size;
        const std::vector<std::int32_t> actual = labels.to_vector<std::int32_t>();
        const std::vector<std::int32_t> predicted = ops::argmax(logits).to_vector<std::int32_t>();
        for (std::size_t i = 0; i < actual.size(); ++i) confusion.add(actual[i], predicted[i]);
    };
    std::vector<float> all = for_each_batch(model, dataset, batch_size, judge);
    const Tensor penalty = model.penalty();
    const auto samples = static_cast<double>(dataset.size());
    for (double& other : others) other /= samples;
    const double mean = sum / samples + (penalty.defined() ? penalty.item() : 0);
    return {metrics::scores_of(std::move(confusion), mean), std::move(all), std::move(others)};
}

std::vector<float> logits(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size) {
    return for_each_batch(model, dataset, batch_size, [](const Tensor&, const Tensor&, const Tensors&) {});
}

}  // namespace cairn::train
