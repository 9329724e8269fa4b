#include "cairn/measure/rates.h"

#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/backend/reference/reference_backend.h"
#include "cairn/core/build_info.h"
#include "cairn/core/parallel.h"
#include "cairn/ops/ops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

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
        product = std::max({product, convolution_rate(), sgemm_rate(backend(Device::cpu()))});
    }
    EXPECT_GE(peak, product);
    constexpr double beyond_any_core = 1e12;  // two units of 16 numbers at 6 GHz do 0.4e12
    EXPECT_LT(peak / threads(), beyond_any_core);
}

// Every product and every copy takes it as long, at least, whatever there is to compute.
class Sleeping final : public ReferenceBackend {
public:
    static constexpr std::chrono::milliseconds nap{5};

    void matmul(const Tensor& a, bool, const Tensor&, bool, const Tensor& c, bool) override {
        operations = 2.0 * static_cast<double>(a.dim(0) * a.dim(1) * c.dim(1));
        std::this_thread::sleep_for(nap);
    }
    void copy(const Tensor& x, const Tensor& y) override {
        bytes = static_cast<double>(x.bytes() + y.bytes());
        std::this_thread::sleep_for(nap);
    }

    double operations = 0, bytes = 0;  // of the last one
};

// Catches a rate of half of what is done, or of twice as much, and one that is not of the best time: of a hundred naps
// the shortest is hardly longer than it should be, however busy the machine is.
TEST(Rates, AreTheWorkByTheBestTime) {
    constexpr double per_second = 1e3 / Sleeping::nap.count();
    Sleeping device;
    const double products = sgemm_rate(device), copies = copy_rate(device);
    EXPECT_LE(products, per_second * device.operations);
    EXPECT_GT(products, 0.55 * per_second * device.operations);
    EXPECT_EQ(device.bytes, 2.0 * (128 << 20));
    EXPECT_LE(copies, per_second * device.bytes);
    EXPECT_GT(copies, 0.55 * per_second * device.bytes);
}

}  // namespace
}  // namespace cairn::measure
