#include "cairn/train/loader.h"

#include "cairn/backend/devices.h"

#include <algorithm>
#include <cmath>

namespace cairn::train {

Loader::Loader(const nn::Model& model, const data::Dataset& dataset, std::vector<double> weights)
    : device_(model.options().device),
      dtype_(model.options().dtype),
      image_shape_(dataset.image_shape),
      weights_(std::move(weights)) {
    check(dataset.size() > 0, "{} holds no images", dataset.name);
    check(dataset.image_shape == model.input_shape(), "{} holds images {} but the model takes {}", dataset.name,
          dataset.image_shape, model.input_shape());
    const std::int64_t classes = model.output_shape()[-1];
    const std::int32_t largest = *std::max_element(dataset.labels.begin(), dataset.labels.end());
    check(largest < classes, "{} has the label {} but the model tells only {} classes apart", dataset.name, largest,
          classes);
}

Batch Loader::load(const data::Batches& batches, std::int64_t index, const data::Augmentation& how,
                   const nn::Call& call) {
    const std::int64_t size = batches.size_of(index);
    bytes_.resize(static_cast<std::size_t>(size * image_shape_.size()));
    labels_.resize(static_cast<std::size_t>(size));
    batches.gather(index, bytes_.data(), labels_.data());
    if (how != data::Augmentation{})
        data::augment(bytes_.data(), size, image_shape_, how, {call.seed, stream_of(Purpose::augment), call.step});

    const Tensor images = empty(image_shape_.prepend(size), DType::uint8, device_);
    images.upload(bytes_.data());
    Batch batch{ops::scale_pixels(images, dtype_), from_values({size}, labels_, device_)};
    if (weights_.empty()) return batch;
    std::vector<double> weights;
    for (std::int64_t i = 0; i < size; ++i)
        weights.push_back(weights_[batches.order()[static_cast<std::size_t>(batches.first(index) + i)]]);
    with_float(dtype_, [&]<typename T>() {
        batch.weights = from_values({size}, std::vector<T>(weights.begin(), weights.end()), device_);
    });
    return batch;
}

std::vector<double> image_weights(const data::Dataset& dataset, std::int64_t classes,
                                  const std::vector<double>& class_weight, const std::vector<double>& sample_weight) {
    const auto check_weights = [](const char* of, const std::vector<double>& weights, std::int64_t count) {
        check(weights.empty() || static_cast<std::int64_t>(weights.size()) == count,
              "there are {} weights of {}, but {} {}", weights.size(), of, count, of);
        for (const double weight : weights)
            check(weight >= 0 && std::isfinite(weight), "a weight of {} must be 0 or more, not {}", of, weight);
    };
    check_weights("classes", class_weight, classes);
    check_weights("images", sample_weight, dataset.size());
    std::vector<double> weights = sample_weight;
    if (class_weight.empty()) return weights;
    weights.resize(dataset.labels.size(), 1);
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] *= class_weight[static_cast<std::size_t>(dataset.labels[i])];
    return weights;
}

}  // namespace cairn::train
