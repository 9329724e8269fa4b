#include "cairn/measure/rates.h"

#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/core/build_info.h"
#include "cairn/core/parallel.h"
#include "cairn/ops/ops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>

namespace cairn::measure {
namespace {

// The best rate of a convolution without Winograd's savings, whose kernel comes near the peak whatever OpenBLAS does.
double convolution_rate() {
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t N = 2, H = 36, C = 32, O = 64, kh = 5, OH = H - kh + 1;
    const Tensor x = full({N, H, H, C}, 0.5, DType::float32, Device::cpu());
    const Tensor kernel = full({kh, kh, C, O}, 0.25, DType::float32, Device::cpu());
    double best = 0;
    for (int run = 0; run < 200; ++run) {
        const auto start = Clock::now();
        ops::conv2d(x, kernel, Tensor());
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::max(best, 2.0 * N * OH * OH * O * kh * kh * C / seconds);
    }
    return best;
}

// Products are made of multiply-adds, so that none is faster than the peak. Catches a peak of separate multiplications and
// additions, of too few chains, of narrow vectors or of one thread of two, which are all half of it or less; and a loop that
// the compiler left out. What else runs on the machine can only lower a rate, so the best of several counts.
TEST(Rates, NoProductIsFasterThanThePeak) {
    if (std::string_view(build::type) != "Release") GTEST_SKIP() << "the loop is only fast when it is optimized";
    double peak = 0, product = 0;
    for (int tries = 0; tries < 20 && (tries < 3 || peak < product); ++tries) {
        peak = std::max(peak, multiply_add_rate());
        product = std::max({product, convolution_rate(), sgemm_rate(Device::cpu())});
    }
    EXPECT_GE(peak, product);
    constexpr double beyond_any_core = 1e12;  // two units of 16 numbers at 6 GHz do 0.4e12
    EXPECT_LT(peak / threads(), beyond_any_core);
}

// The best rate of `work` in units of `amount` per second, of ten runs.
double best_rate(double amount, const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    double best = 0;
    for (int run = 0; run < 10; ++run) {
        const auto start = Clock::now();
        work();
        best = std::max(best, amount / std::chrono::duration<double>(Clock::now() - start).count());
    }
    return best;
}

// Catches a rate that counts half of what is done, or twice as much: the same work, timed here, has the same rate. What
// else runs on the machine can only lower a rate, so the best of several counts on either side.
void expect_same_rate(const std::function<double()>& rate, double amount, const std::function<void()>& work) {
    double told = 0, timed = 0;
    const auto alike = [&] { return told > timed / 1.4 && told < timed * 1.4; };
    for (int tries = 0; tries < 20 && (tries < 2 || !alike()); ++tries) {
        timed = std::max(timed, best_rate(amount, work));
        told = std::max(told, rate());
    }
    EXPECT_TRUE(alike()) << told << " and " << timed;
}

TEST(Rates, AProductIsTwiceNCubedOperations) {
    constexpr std::int64_t n = 1024;
    const Tensor a = full({n, n}, 0.5, DType::float32, Device::cpu()), c = empty_like(a);
    expect_same_rate([] { return sgemm_rate(Device::cpu()); }, 2.0 * n * n * n,
                     [&] { backend(Device::cpu()).matmul(a, false, a, false, c); });
}

TEST(Rates, ACopyReadsAndWrites) {
    constexpr std::int64_t n = 32 << 20;
    const Tensor x = zeros({n}, DType::float32, Device::cpu()), y = zeros({n}, DType::float32, Device::cpu());
    expect_same_rate([] { return copy_rate(Device::cpu()); }, 2.0 * 4 * n, [&] { backend(Device::cpu()).copy(x, y); });
}

}  // namespace
}  // namespace cairn::measure
