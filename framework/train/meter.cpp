#include "cairn/train/meter.h"

#include "cairn/backend/devices.h"

#include <algorithm>
#include <cmath>

namespace cairn::train {

void Meter::add(const Tensor& loss, const Tensor& correct, std::int64_t size, const Tensor& finite,
                const Tensors& metrics) {
    Backend& device = backend(loss);
    pending_.push_back({device.read_back(loss), device.read_back(correct),
                        finite.defined() ? device.read_back(finite) : nullptr, size});
    for (const Tensor& metric : metrics) pending_.back().metrics.push_back(device.read_back(metric));
}

bool Meter::Pending::ready() const {
    return loss->ready() && correct->ready() && (!finite || finite->ready()) &&
           std::ranges::all_of(metrics, [](const auto& metric) { return metric->ready(); });
}

std::vector<double> Meter::metrics() const {
    std::vector<double> means = sums_.metrics;
    for (double& mean : means) mean /= static_cast<double>(std::max<std::int64_t>(1, sums_.samples));
    return means;
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
        sums_.metrics.resize(std::max(sums_.metrics.size(), batch.metrics.size()));
        for (std::size_t i = 0; i < batch.metrics.size(); ++i)
            sums_.metrics[i] += batch.metrics[i]->values().front() * static_cast<double>(batch.size);
        pending_.pop_front();
    }
    return not_finite_ < 0;
}

}  // namespace cairn::train
