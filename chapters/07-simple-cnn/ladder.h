// The second convolution of simple-cnn on a batch, computed in six ways, from the loops of the formula to Winograd's.
#pragma once

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "cairn/ops/ops.h"
#include "cairn/report/figures.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>

namespace cairn::chapters {

struct Rung {
    std::string name;
    std::function<Tensor()> compute;
    double gflops = 0;  // the formula's operations per second, in 1e9
    double error = 0;   // against the first rung: |difference| / |result|
};

inline Tensor ladder_noise(const Shape& shape, std::uint32_t ordinal) {
    RandomStream random({1, stream_of(Purpose::test, ordinal)});
    std::vector<float> values(static_cast<std::size_t>(shape.size()));
    for (float& value : values) value = static_cast<float>(random.uniform(-1, 1));
    return from_values(shape, values, Device::cpu());
}

// x (N, H, W, C) -> (N OH OW, 9 C): what your im2col does, for windows of 3 x 3 without strides.
inline Tensor patches_of(const Tensor& x) {
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2), C = x.dim(3);
    const Tensor patches = empty_like(x, {N * (H - 2) * (W - 2), 9 * C});
    float* to = patches.data<float>();
    for (std::int64_t n = 0; n < N; ++n)
        for (std::int64_t i = 0; i < H - 2; ++i)
            for (std::int64_t j = 0; j < W - 2; ++j)
                for (std::int64_t a = 0; a < 3; ++a)  // three pixels of a row lie beside each other, with their channels
                    to = std::copy_n(x.data<float>() + ((n * H + i + a) * W + j) * C, 3 * C, to);
    return patches;
}

// y (M, O) = patches (M, K) kernel (K, O) + bias, in the order of loops that chapter 3 ends with.
inline Tensor three_loops(const Tensor& patches, const Tensor& kernel, const Tensor& bias) {
    const std::int64_t M = patches.dim(0), K = kernel.dim(0), O = kernel.dim(1);
    const Tensor y = empty_like(patches, {M, O});
    for (std::int64_t m = 0; m < M; ++m) {
        float* const row = y.data<float>() + m * O;
        std::copy_n(bias.data<float>(), O, row);
        for (std::int64_t k = 0; k < K; ++k) {
            const float number = patches.data<float>()[m * K + k];
            const float* const weights = kernel.data<float>() + k * O;
            for (std::int64_t o = 0; o < O; ++o) row[o] += number * weights[o];
        }
    }
    return y;
}

inline std::vector<Rung> ladder_rungs() {
    const Tensor x = ladder_noise({32, 15, 15, 32}, 1), kernel = ladder_noise({3, 3, 32, 64}, 2), bias = ladder_noise({64}, 3);
    const auto with = [=](ConvolutionAlgorithm algorithm) {
        return [=] { return ops::conv2d(x, kernel, bias, {.algorithm = algorithm}); };
    };
    const Tensor matrix = kernel.view({9 * 32, 64});
    const Device plain = Device::reference();
    return {
        {"seven loops", [=, xs = to_device(x, plain), ks = to_device(kernel, plain), bs = to_device(bias, plain)] { return ops::conv2d(xs, ks, bs); }},
        {"im2col, then three loops", [=] { return three_loops(patches_of(x), matrix, bias); }},
        {"im2col, then OpenBLAS", [=] { return ops::add(ops::matmul(patches_of(x), matrix), bias); }},
        {"the same, image by image", with(ConvolutionAlgorithm::im2col)},
        {"direct, without patches", with(ConvolutionAlgorithm::direct)},
        {"Winograd", with(ConvolutionAlgorithm::winograd)},
    };
}

// Seconds of the fastest of some runs. The processor's time is counted, not the clock's, so that a busy machine does not matter.
inline double fastest_run(const std::function<Tensor()>& compute) {
    double best = 1e9, all = 0;
    for (int run = 0; run < 2 || (run < 200 && all < 0.15); ++run) {
        const std::clock_t start = std::clock();
        compute();
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        best = std::min(best, std::max(seconds, 1e-6));
        all += seconds;
    }
    return best;
}

// Times all rungs with one thread, so that each shows its idea and nothing else.
inline std::vector<Rung> climb() {
    const autograd::NoGrad guard;
    const int before = threads();
    set_threads(1);
    std::vector<Rung> rungs = ladder_rungs();
    const double flops = 2.0 * 32 * 13 * 13 * 64 * 9 * 32;
    std::vector<float> first;
    for (Rung& rung : rungs) {
        const std::vector<float> y = rung.compute().to_vector<float>();
        if (first.empty()) first = y;
        double difference = 0, size = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            difference += std::pow(static_cast<double>(y[i]) - static_cast<double>(first[i]), 2);
            size += std::pow(static_cast<double>(first[i]), 2);
        }
        rung.error = std::sqrt(difference / size);
        rung.gflops = flops / fastest_run(rung.compute) / 1e9;
    }
    // What OpenBLAS reaches where it has enough to do.
    const Tensor square = ladder_noise({1024, 1024}, 4);
    rungs.push_back({"a large product alone", [=] { return ops::matmul(square, square); }});
    rungs.back().gflops = 2 * std::pow(1024.0, 3) / fastest_run(rungs.back().compute) / 1e9;
    set_threads(before);
    return rungs;
}

// A bar to a rung; the last one is what a matrix product reaches.
inline report::Figure ladder_figure(const std::vector<Rung>& rungs) {
    std::string csv = "number,GFLOP/s\n";
    std::vector<std::string> names;
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        csv += fmt::format("{},{:.3g}\n", i, rungs[i].gflops);
        names.push_back(report::gnuplot_string(rungs[i].name));
    }
    return {.name = "ladder",
            .title = "simple-cnn's second convolution, 32 images, one thread",
            .csv = csv,
            .commands = report::gnuplot_array("names", names) + R"(set style fill solid noborder
set lmargin 27
set xlabel 'GFLOP/s, counted by the formula'
set yrange [|names| - 0.4:-0.6]
set logscale x
set xrange [0.1:2000]
set title offset -10,0
unset ytics
unset key
set grid noytics xtics
set for [i = 1:|names|] label names[i] at graph -0.02, first i - 1 right
plot data using (0.1):1:(0.1):2:($1 - 0.32):($1 + 0.32):($1 < |names| - 1 ? 0x0072B2 : 0x999999) with boxxyerror linecolor rgb variable, \
     data using 2:1:(sprintf(' %.3g', $2)) with labels left
)",
            .width = 720,
            .height = 330};
}

}  // namespace cairn::chapters
