#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/log_sum_exp.h"
#include "cairn/backend/cpu/loops.h"

namespace cairn {

namespace {

// Calls body(first, end) for each row of x (..., C), which are its elements first … end - 1.
template <typename Body>
void for_each_softmax_row(const Tensor& x, const Body& body) {
    constexpr std::int64_t exp_cost = 16;  // an exponential takes about as long as this many plain operations
    const std::int64_t C = x.dim(-1);
    cpu::for_each_row(x.size() / C, C * exp_cost, [&](std::int64_t b) { body(b * C, (b + 1) * C); });
}

}  // namespace

void CpuBackend::softmax(const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        for_each_softmax_row(x, [in = x.data<T>(), out = y.data<T>()](std::int64_t first, std::int64_t end) {
            const cpu::LogSumExp row(in + first, end - first);
            for (std::int64_t i = first; i < end; ++i) out[i] = static_cast<T>(std::exp(row.log_softmax(in[i])));
        });
    });
}

void CpuBackend::log_softmax(const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        for_each_softmax_row(x, [in = x.data<T>(), out = y.data<T>()](std::int64_t first, std::int64_t end) {
            const cpu::LogSumExp row(in + first, end - first);
            for (std::int64_t i = first; i < end; ++i) out[i] = static_cast<T>(row.log_softmax(in[i]));
        });
    });
}

void CpuBackend::softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) {
    with_float(y.dtype(), [&]<typename T>() {
        const T *out = y.data<T>(), *from = dy.data<T>();
        for_each_softmax_row(y, [=, to = dx.data<T>()](std::int64_t first, std::int64_t end) {
            double sum = 0;
            for (std::int64_t i = first; i < end; ++i) sum += static_cast<double>(from[i]) * out[i];
            for (std::int64_t i = first; i < end; ++i) to[i] = static_cast<T>(out[i] * (from[i] - sum));
        });
    });
}

void CpuBackend::log_softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) {
    with_float(y.dtype(), [&]<typename T>() {
        const T *out = y.data<T>(), *from = dy.data<T>();
        for_each_softmax_row(y, [=, to = dx.data<T>()](std::int64_t first, std::int64_t end) {
            double sum = 0;
            for (std::int64_t i = first; i < end; ++i) sum += from[i];
            for (std::int64_t i = first; i < end; ++i)
                to[i] = static_cast<T>(from[i] - std::exp(static_cast<double>(out[i])) * sum);
        });
    });
}

}  // namespace cairn
