#include "cairn/core/random.h"

#include "cairn/core/error.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace cairn {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
    constexpr std::uint64_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
    constexpr std::uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;  // golden ratio and sqrt(3) - 1, times 2^32
    auto [c0, c1, c2, c3] = counter;
    auto [k0, k1] = key;
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = multiplier0 * c0;
        const std::uint64_t product1 = multiplier1 * c2;
        c0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ k0;
        c1 = static_cast<std::uint32_t>(product1);
        c2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ k1;
        c3 = static_cast<std::uint32_t>(product0);
        k0 += weyl0;
        k1 += weyl1;
    }
    return {c0, c1, c2, c3};
}

std::uint32_t RandomStream::next() {
    if (used_ == 4) {
        current_ = random_block(key_, block_++);
        used_ = 0;
    }
    return current_[used_++];
}

double RandomStream::uniform() { return to_uniform(next()); }

double RandomStream::uniform(double low, double high) { return low + (high - low) * uniform(); }

double RandomStream::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));  // 1 - u is in (0, 1]: the logarithm is finite
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint32_t RandomStream::below(std::uint32_t limit) {
    invariant(limit > 0, "below(0) has no value to draw");
    // The bits below `threshold` = 2^32 mod limit are rejected, so that every remainder is equally likely.
    const std::uint32_t threshold = (0u - limit) % limit;
    std::uint32_t bits = next();
    while (bits < threshold) bits = next();
    return bits % limit;
}

std::vector<std::uint32_t> RandomStream::permutation(std::uint32_t n) {
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    for (std::uint32_t i = n; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
    return order;
}

}  // namespace cairn
