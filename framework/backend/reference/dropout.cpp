// dropout: y[i] = bits[i] >= threshold ? scale * x[i] : 0, where bits[i] is random number i of the key: word i % 4 of
// block i / 4. With threshold = rate * 2^32 a share `rate` of the elements is dropped; scale = 1 / (1 - rate) keeps the
// mean.
#include "cairn/backend/reference/reference_backend.h"

namespace cairn {

void ReferenceBackend::dropout(const Tensor& x, const RandomKey& key, std::uint32_t threshold, double scale,
                               const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < x.size(); ++i) {
            const std::uint32_t bits =
                random_block(key, static_cast<std::uint32_t>(i / 4))[static_cast<std::size_t>(i % 4)];
            y.data<T>()[i] = bits >= threshold ? static_cast<T>(scale * x.data<T>()[i]) : T{0};
        }
    });
}

}  // namespace cairn
