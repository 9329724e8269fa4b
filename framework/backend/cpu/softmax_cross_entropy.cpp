// One thread: a batch of 32 to 1024 rows of ten logits is too little work for a second one.
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/log_sum_exp.h"
#include "cairn/backend/cpu/loops.h"

namespace cairn {

namespace {

// The label of each row: a class, or the probabilities of all classes.
template <typename T>
struct Labels {
    Labels(const Tensor& labels, std::int64_t columns) : C(columns) {
        if (labels.dtype() == DType::int32) classes = labels.data<std::int32_t>();
        else probabilities = labels.data<T>();
    }

    double operator()(std::int64_t b, std::int64_t c) const {
        if (classes) return classes[b] == c ? 1.0 : 0.0;
        return probabilities[b * C + c];
    }

    double sum(std::int64_t b) const {
        double total = 0;
        for (std::int64_t c = 0; c < C; ++c) total += (*this)(b, c);
        return total;
    }

    std::int64_t target(std::int64_t b) const {
        if (classes) return classes[b];
        return cpu::first_maximum(probabilities + b * C, C);
    }

    std::int64_t C;
    const std::int32_t* classes = nullptr;
    const T* probabilities = nullptr;
};

}  // namespace

void CpuBackend::softmax_cross_entropy(const Tensor& logits, const Tensor& labels, const Tensor& loss) {
    cpu::forget_vectors();
    with_float(logits.dtype(), [&]<typename T>() {
        const std::int64_t B = logits.dim(0), C = logits.dim(1);
        const Labels<T> p(labels, C);
        double sum = 0;
        for (std::int64_t b = 0; b < B; ++b) {
            const T* x = logits.data<T>() + b * C;
            const cpu::LogSumExp row(x, C);
            for (std::int64_t c = 0; c < C; ++c) {
                if (const double weight = p(b, c); weight != 0) sum -= weight * row.log_softmax(x[c]);  // 0 log 0 is 0
            }
        }
        *loss.data<T>() = static_cast<T>(sum / static_cast<double>(B));
    });
}

void CpuBackend::softmax_cross_entropy_backward(const Tensor& logits, const Tensor& labels, const Tensor& dloss,
                                                const Tensor& dlogits) {
    cpu::forget_vectors();
    with_float(logits.dtype(), [&]<typename T>() {
        const std::int64_t B = logits.dim(0), C = logits.dim(1);
        const Labels<T> p(labels, C);
        const double scale = static_cast<double>(*dloss.data<T>()) / static_cast<double>(B);
        for (std::int64_t b = 0; b < B; ++b) {
            const T* x = logits.data<T>() + b * C;
            T* dx = dlogits.data<T>() + b * C;
            const cpu::LogSumExp row(x, C);
            const double total = p.sum(b);
            for (std::int64_t c = 0; c < C; ++c)
                dx[c] = static_cast<T>(scale * (std::exp(row.log_softmax(x[c])) * total - p(b, c)));
        }
    });
}

void CpuBackend::count_correct(const Tensor& logits, const Tensor& labels, const Tensor& count) {
    with_float(logits.dtype(), [&]<typename T>() {
        const std::int64_t B = logits.dim(0), C = logits.dim(1);
        const Labels<T> p(labels, C);
        std::int64_t correct = 0;
        for (std::int64_t b = 0; b < B; ++b) {
            if (cpu::first_maximum(logits.data<T>() + b * C, C) == p.target(b)) ++correct;
        }
        *count.data<T>() = static_cast<T>(correct);
    });
}

}  // namespace cairn
