#include "cairn/train/batch_statistics.h"

#include "cairn/autograd/graph.h"
#include "cairn/train/loader.h"

#include <algorithm>

namespace cairn::train {

double moving_momentum(const nn::Model& model) {
    double momentum = 0;
    for (const nn::NamedLayer& named : model.layers())
        if (const auto* layer = dynamic_cast<const nn::BatchNormalization*>(named.layer.get());
            layer != nullptr && !layer->is_frozen())
            momentum = std::max(momentum, layer->op_layer().options.momentum);
    return momentum;
}

double accuracy_by_batch_statistics(const nn::Model& model, const data::Dataset& dataset, std::int64_t batch_size) {
    const autograd::NoGrad guard;
    const Tensor state = model.state();
    std::vector<std::byte> before(static_cast<std::size_t>(state.size()) * size_of(state.dtype()));
    state.download(before.data());

    Loader loader(model, dataset);
    const data::Batches batches(dataset, batch_size);
    std::int64_t right = 0;
    for (std::int64_t i = 0; i < batches.count(); ++i) {
        const Batch batch = loader.load(batches, i);
        const Tensor logits = model(batch.images, {.training = true, .dropout = false});
        const std::vector<std::int32_t> actual = batch.labels.to_vector<std::int32_t>();
        const std::vector<std::int32_t> predicted = ops::argmax(logits).to_vector<std::int32_t>();
        for (std::size_t k = 0; k < actual.size(); ++k) right += actual[k] == predicted[k];
    }
    state.upload(before.data());
    return static_cast<double>(right) / static_cast<double>(dataset.size());
}

}  // namespace cairn::train
