#include "train/meter.h"

#include "backend/backends.h"

#include <cmath>

namespace cairn::train {

void Meter::add(const Tensor& loss, const Tensor& correct, std::int64_t size) {
    Backend& device = backend(loss);
    pending_.push_back({device.read_back(loss), device.read_back(correct), size});
}

bool Meter::update(bool wait) {
    while (!pending_.empty() && (wait || (pending_.front().loss->ready() && pending_.front().correct->ready()))) {
        const Pending& batch = pending_.front();
        const double loss = batch.loss->values().front();
        finite_ = finite_ && std::isfinite(loss);
        loss_sum_ += loss * static_cast<double>(batch.size);  // the last batch is smaller and weighs less
        correct_ += batch.correct->values().front();
        samples_ += batch.size;
        pending_.pop_front();
    }
    return finite_;
}

}  // namespace cairn::train
