// What `cairn chapter 3` shows of your exercise: how many multiplications and additions per second each of your products does.
#include "cairn/autograd/graph.h"
#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "cairn/course/exercise.h"
#include "cairn/course/grading.h"
#include "cairn/ops/ops.h"
#include "chapters/03-matrix-product/exercise.h"

#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>

#include <fmt/format.h>

namespace cairn::course {

namespace {

using exercise::Matrix;

// Computing time of this thread: a machine that is busy with others does not count.
double now() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The best of the runs of a twentieth of a second.
double best_seconds(const std::function<void()>& body) {
    double best = std::numeric_limits<double>::infinity();
    for (double all = 0; all < 0.05;) {
        const double start = now();
        body();
        const double seconds = now() - start;
        best = std::min(best, seconds);
        all += seconds;
    }
    return best;
}

// One of the products; it is left out once it takes too long, or if it is not written.
struct Timed {
    std::function<Matrix(const Matrix&, const Matrix&)> multiply;
    bool given_up = false;

    // GFLOP/s; not a number: left out
    double rate(const Matrix& x, const Matrix& w) {
        if (given_up) return std::numeric_limits<double>::quiet_NaN();
        try {
            double sum = 0;
            const double seconds = best_seconds([&] { sum += multiply(x, w)(0, 0); });
            given_up = seconds > 1 || sum == 0;
            return 2e-9 * static_cast<double>(x.rows() * x.columns() * w.columns()) / seconds;
        } catch (const NotWritten&) {
            given_up = true;
            return std::numeric_limits<double>::quiet_NaN();
        }
    }
};

Matrix numbers(std::size_t n) {
    Matrix x(n, n);
    for (std::size_t i = 0; i < n * n; ++i) x(i / n, i % n) = static_cast<double>(i * 7919 % 1000) / 500 - 1.03;
    return x;
}

double blas_rate(const Matrix& x, const Matrix& w) {
    const auto n = static_cast<std::int64_t>(x.rows());
    const Tensor a = from_values(Shape{n, n}, x.numbers(), Device::cpu()), b = from_values(Shape{n, n}, w.numbers(), Device::cpu());
    const autograd::NoGrad no_graph;
    return 2e-9 * static_cast<double>(n * n * n) / best_seconds([&] { ops::matmul(a, b); });
}

}  // namespace

// "times": up to n = 1024; "short": up to n = 96. The line n = 0 has the most that one thread can do with float64, half of
// what it does with float32.
std::string shown(const std::string& name) {
    set_threads(1);
    Timed loops{exercise::multiply}, ikj{exercise::multiply_ikj};
    Timed blocked{[](const Matrix& x, const Matrix& w) { return exercise::multiply_blocked(x, w, 64); }};
    std::string csv = "n,loops,ikj,blocked,OpenBLAS\n";
    const double peak = multiply_add_rate() / 2e9;
    csv += fmt::format("0,{0:.3f},{0:.3f},{0:.3f},{0:.3f}\n", peak);
    for (const std::size_t n : {16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024}) {
        if (name == "short" && n > 96) break;
        const Matrix x = numbers(n), w = numbers(n);
        csv += fmt::format("{},{:.3f},{:.3f},{:.3f},{:.3f}\n", n, loops.rate(x, w), ikj.rate(x, w), blocked.rate(x, w),
                           blas_rate(x, w));
    }
    return csv;
}

}  // namespace cairn::course
