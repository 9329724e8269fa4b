#include "train/evaluate.h"

#include "autograd/graph.h"
#include "backend/devices.h"
#include "train/loader.h"
#include "train/meter.h"

namespace cairn::train {

namespace {

void append(const Tensor& logits, std::vector<float>& all) {
    const std::vector<float> values = to_dtype(logits, DType::float32).to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
}

}  // namespace

Evaluation evaluate(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size) {
    const autograd::NoGrad guard;
    Loader loader(model, dataset);
    const data::Batches batches(dataset, batch_size);
    Evaluation result{.confusion = metrics::ConfusionMatrix(static_cast<int>(dataset.classes.size()))};
    Meter meter;
    for (std::int64_t i = 0; i < batches.count(); ++i) {
        const Batch batch = loader.load(batches, i);
        const Tensor logits = model(batch.images, {});
        meter.add(ops::softmax_cross_entropy(logits, batch.labels), ops::count_correct(logits, batch.labels),
                  batch.labels.size());
        append(logits, result.logits);
        const std::vector<std::int32_t> actual = batch.labels.to_vector<std::int32_t>();
        const std::vector<std::int32_t> predicted = ops::argmax(logits).to_vector<std::int32_t>();
        for (std::size_t k = 0; k < actual.size(); ++k) result.confusion.add(actual[k], predicted[k]);
    }
    meter.update(true);
    const Tensor penalty = model.penalty();
    result.loss = meter.loss() + (penalty.defined() ? penalty.item() : 0);
    result.accuracy = meter.accuracy();
    return result;
}

std::vector<float> logits(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size) {
    const autograd::NoGrad guard;
    Loader loader(model, dataset);
    const data::Batches batches(dataset, batch_size);
    std::vector<float> all;
    for (std::int64_t i = 0; i < batches.count(); ++i) {
        append(model(loader.load(batches, i).images, {}), all);
    }
    return all;
}

}  // namespace cairn::train
