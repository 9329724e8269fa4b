// softmax_cross_entropy: the mean over B rows of -sum_c p[b,c] log_softmax(logits)[b,c]; logits (B, C). The labels are
// classes (int32 (B), p is 1 at the class and 0 elsewhere) or the probabilities p themselves (B, C).
//   Why not log(softmax(x))? Where x lies far below the maximum it is log(0); log_softmax(x) is finite.
#include "cairn/backend/reference/log_softmax.h"
#include "cairn/backend/reference/reference_backend.h"

#include <cmath>

namespace cairn {

namespace {

template <typename T>
double probability(const Tensor& labels, std::int64_t b, std::int64_t c, std::int64_t C) {
    if (labels.dtype() == DType::int32) return labels.data<std::int32_t>()[b] == c ? 1.0 : 0.0;
    return labels.data<T>()[b * C + c];
}

}  // namespace

void ReferenceBackend::softmax_cross_entropy(const Tensor& logits, const Tensor& labels, const Tensor& loss) {
    const std::int64_t B = logits.dim(0), C = logits.dim(1);
    with_float(logits.dtype(), [&]<typename T>() {
        double sum = 0;
        for (std::int64_t b = 0; b < B; ++b) {
            const std::vector<double> log_softmax = log_softmax_row(logits.data<T>() + b * C, C);
            for (std::int64_t c = 0; c < C; ++c) {
                const double p = probability<T>(labels, b, c, C);
                if (p != 0) sum -= p * log_softmax[static_cast<std::size_t>(c)];  // 0 log 0 is 0
            }
        }
        loss.data<T>()[0] = static_cast<T>(sum / static_cast<double>(B));
    });
}

// dlogits[b,c] = dloss / B * (softmax(logits)[b,c] * sum_k p[b,k] - p[b,c])
void ReferenceBackend::softmax_cross_entropy_backward(const Tensor& logits, const Tensor& labels, const Tensor& dloss,
                                                      const Tensor& dlogits) {
    const std::int64_t B = logits.dim(0), C = logits.dim(1);
    with_float(logits.dtype(), [&]<typename T>() {
        const double scale = dloss.data<T>()[0] / static_cast<double>(B);
        for (std::int64_t b = 0; b < B; ++b) {
            const std::vector<double> log_softmax = log_softmax_row(logits.data<T>() + b * C, C);
            double total = 0;  // 1 where the row holds probabilities
            for (std::int64_t c = 0; c < C; ++c) total += probability<T>(labels, b, c, C);
            for (std::int64_t c = 0; c < C; ++c) {
                const double softmax = std::exp(log_softmax[static_cast<std::size_t>(c)]);
                dlogits.data<T>()[b * C + c] =
                    static_cast<T>(scale * (softmax * total - probability<T>(labels, b, c, C)));
            }
        }
    });
}

// count = number of rows b whose first maximum of logits[b,:] is at the class, or at the first maximum of p[b,:]
void ReferenceBackend::count_correct(const Tensor& logits, const Tensor& labels, const Tensor& count) {
    const std::int64_t B = logits.dim(0), C = logits.dim(1);
    with_float(logits.dtype(), [&]<typename T>() {
        std::int64_t correct = 0;
        for (std::int64_t b = 0; b < B; ++b) {
            const T* row = logits.data<T>() + b * C;
            std::int64_t predicted = 0, actual = 0;
            for (std::int64_t c = 1; c < C; ++c) {
                if (is_larger(row[c], row[predicted])) predicted = c;
                if (is_larger(probability<T>(labels, b, c, C), probability<T>(labels, b, actual, C))) actual = c;
            }
            if (predicted == actual) ++correct;
        }
        count.data<T>()[0] = static_cast<T>(correct);
    });
}

}  // namespace cairn
