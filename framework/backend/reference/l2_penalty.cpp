// l2_penalty: loss = lambda * sum over i of w[i]^2, as Keras's regularizers.l2(lambda): no factor 1/2.
#include "cairn/backend/reference/reference_backend.h"

namespace cairn {

void ReferenceBackend::l2_penalty(const Tensor& w, double lambda, const Tensor& loss) {
    with_float(w.dtype(), [&]<typename T>() {
        double sum = 0;
        for (std::int64_t i = 0; i < w.size(); ++i) sum += static_cast<double>(w.data<T>()[i]) * w.data<T>()[i];
        loss.data<T>()[0] = static_cast<T>(lambda * sum);
    });
}

// dw[i] = 2 lambda dloss w[i], or dw[i] += … if accumulate
void ReferenceBackend::l2_penalty_backward(const Tensor& w, double lambda, const Tensor& dloss, const Tensor& dw,
                                           bool accumulate) {
    with_float(w.dtype(), [&]<typename T>() {
        const double factor = 2 * lambda * dloss.data<T>()[0];
        for (std::int64_t i = 0; i < w.size(); ++i) {
            const double before = accumulate ? dw.data<T>()[i] : 0.0;
            dw.data<T>()[i] = static_cast<T>(before + factor * w.data<T>()[i]);
        }
    });
}

}  // namespace cairn
