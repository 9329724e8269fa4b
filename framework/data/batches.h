// Batches: one pass over a data set, cut into batches.
//
// Everything is a function of (data set, batch size, seed, epoch, batch index): training can go on from any batch of
// any epoch without replaying those before it.
#pragma once

#include "cairn/data/dataset.h"

namespace cairn::data {

class Batches {
public:
    // In the order of the data set, which must outlive this object. Throws Error for a batch size below 1 or no images.
    Batches(const Dataset& dataset, std::int64_t batch_size);
    // Shuffled: image order()[i] is the i-th, in another order for every (seed, epoch).
    Batches(const Dataset& dataset, std::int64_t batch_size, std::uint64_t seed, std::uint32_t epoch);

    // The number of batches; the last one may be smaller than the others, as in Keras.
    std::int64_t count() const;
    // The number of images in a batch, 0 … count() - 1.
    std::int64_t size_of(std::int64_t batch) const;
    // Where a batch begins in order().
    std::int64_t first(std::int64_t batch) const { return batch * batch_size_; }

    // Copies a batch: images (size_of(batch), height, width, channels) as bytes, which the device scales to [0, 1], and
    // labels (size_of(batch)).
    void gather(std::int64_t batch, std::uint8_t* images, std::int32_t* labels) const;

    const std::vector<std::uint32_t>& order() const { return order_; }

private:
    const Dataset* dataset_;
    std::int64_t batch_size_;
    std::vector<std::uint32_t> order_;
};

}  // namespace cairn::data
