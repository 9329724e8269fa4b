#include "cairn/train/meter.h"

#include "cairn/backend/devices.h"

#include <cmath>

namespace cairn::train {

void Meter::add(const Tensor& loss, const Tensor& correct, std::int64_t size, const Tensor& finite) {
    Backend& device = backend(loss);
    pending_.push_back({device.read_back(loss), device.read_back(correct),
                        finite.defined() ? device.read_back(finite) : nullptr, size});
}

bool Meter::update(bool wait) {
    while (!pending_.empty() && (wait || pending_.front().ready())) {
        const Pending& batch = pending_.front();
        const double loss = batch.loss->values().front();
        const bool finite = std::isfinite(loss) && (!batch.finite || batch.finite->values().front() != 0);
        if (!finite && not_finite_ < 0) not_finite_ = sums_.batches;
        ++sums_.batches;
        sums_.loss += loss * static_cast<double>(batch.size);  // the last batch is smaller and weighs less
        sums_.correct += batch.correct->values().front();
        sums_.samples += batch.size;
        pending_.pop_front();
    }
    return not_finite_ < 0;
}

}  // namespace cairn::train
