#include "cairn/train/loader.h"

#include "cairn/backend/devices.h"

#include <algorithm>

namespace cairn::train {

Loader::Loader(const nn::Model& model, const data::Dataset& dataset)
    : device_(model.options().device), dtype_(model.options().dtype), image_shape_(dataset.image_shape) {
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
    return {ops::scale_pixels(images, dtype_), from_values({size}, labels_, device_)};
}

}  // namespace cairn::train
