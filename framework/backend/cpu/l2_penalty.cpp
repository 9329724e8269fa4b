#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/scratch.h"

#include <functional>

namespace cairn {

void CpuBackend::l2_penalty(const Tensor& w, double lambda, const Tensor& loss) {
    with_float(w.dtype(), [&]<typename T>() {
        const cpu::Chunks chunks(w.size(), 1);
        const Tensor partial = cpu::scratch<double>({chunks.count}, allocator_);
        const T* weight = w.data<T>();
        double* sums = partial.data<double>();
        cpu::for_each_row(chunks.count, chunks.size, [=](std::int64_t chunk) {
            sums[chunk] = cpu::combine_in_lanes(
                chunks.begin(chunk), chunks.end(chunk), 0.0, std::plus<double>(),
                [=](std::int64_t i) { return static_cast<double>(weight[i]) * static_cast<double>(weight[i]); });
        });
        double total = 0;
        for (std::int64_t chunk = 0; chunk < chunks.count; ++chunk) total += sums[chunk];
        *loss.data<T>() = static_cast<T>(lambda * total);
    });
}

void CpuBackend::l2_penalty_backward(const Tensor& w, double lambda, const Tensor& dloss, const Tensor& dw,
                                     bool accumulate) {
    with_float(w.dtype(), [&]<typename T>() {
        const T factor = static_cast<T>(2 * lambda * static_cast<double>(*dloss.data<T>()));
        const T* weight = w.data<T>();
        T* to = dw.data<T>();
        if (accumulate) cpu::for_each_element(w.size(), [=](std::int64_t i) { to[i] += factor * weight[i]; });
        else cpu::for_each_element(w.size(), [=](std::int64_t i) { to[i] = factor * weight[i]; });
    });
}

}  // namespace cairn
