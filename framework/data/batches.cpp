#include "cairn/data/batches.h"

#include "cairn/core/error.h"
#include "cairn/core/random.h"

#include <algorithm>
#include <numeric>

namespace cairn::data {

Batches::Batches(const Dataset& dataset, std::int64_t batch_size)
    : dataset_(&dataset), batch_size_(batch_size), order_(static_cast<std::size_t>(dataset.size())) {
    check(batch_size >= 1, "the batch size must be at least 1, not {}", batch_size);
    check(dataset.size() >= 1, "the data set {} has no images", dataset.name);
    std::iota(order_.begin(), order_.end(), 0u);
}

Batches::Batches(const Dataset& dataset, std::int64_t batch_size, std::uint64_t seed, std::uint32_t epoch)
    : Batches(dataset, batch_size) {
    RandomStream random({seed, stream_of(Purpose::shuffle), epoch});
    order_ = random.permutation(static_cast<std::uint32_t>(dataset.size()));
}

std::int64_t Batches::count() const { return (dataset_->size() + batch_size_ - 1) / batch_size_; }

std::int64_t Batches::size_of(std::int64_t batch) const {
    invariant(batch >= 0 && batch < count(), "there are {} batches, and batch {} was asked for", count(), batch);
    return std::min(batch_size_, dataset_->size() - batch * batch_size_);
}

void Batches::gather(std::int64_t batch, std::uint8_t* images, std::int32_t* labels) const {
    const std::int64_t size = size_of(batch);
    for (std::int64_t i = 0; i < size; ++i) {
        const std::uint32_t from = order_[static_cast<std::size_t>(batch * batch_size_ + i)];
        images = std::ranges::copy(dataset_->image(from), images).out;
        *labels++ = dataset_->labels[from];
    }
}

}  // namespace cairn::data
