#include "ladder/ladder.h"

#include <benchmark/benchmark.h>

#include <cmath>

namespace cairn::bench {

namespace {

double error_of(const Tensor& result, const Tensor& reference) {
    const std::vector<float> a = result.to_vector<float>(), b = reference.to_vector<float>();
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        difference += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
        size += static_cast<double>(b[i]) * b[i];
    }
    return difference == 0 ? 0 : std::sqrt(difference / size);
}

// A float32 sum of n terms is off by about sqrt(n) * 6e-8 of its size, and the longest here, a weight gradient over a
// batch, has 65,536: 1.5e-5. A wrong formula is off by more than a percent.
constexpr double most_error = 1e-4;

// The ladder in use: they run one after the other, so the tensors of one are enough.
Ladder& ladder_called(const std::string& name, const std::function<Ladder()>& make) {
    static std::string made;
    static Ladder ladder;
    if (made != name) {
        ladder = {};
        ladder = make();
        for (Rung& rung : ladder.rungs) {
            rung.run();
            rung.error = error_of(rung.result, ladder.rungs.front().result);
        }
        made = name;
    }
    return ladder;
}

void run(benchmark::State& state, const Ladder& ladder, std::size_t i) {
    const Rung& rung = ladder.rungs[i];
    if (!(rung.error <= most_error)) {
        state.SkipWithError(fmt::format("differs from the reference by {:.1e}", rung.error).c_str());
        return;
    }
    for ([[maybe_unused]] auto _ : state) rung.run();
    using benchmark::Counter;
    if (ladder.flops > 0) state.counters["FLOP/s"] = Counter(ladder.flops, Counter::kIsIterationInvariantRate);
    if (ladder.bytes > 0)
        state.counters["B/s"] = Counter(ladder.bytes, Counter::kIsIterationInvariantRate, Counter::kIs1000);
}

}  // namespace

void add_ladder(const std::string& name, const std::vector<std::string>& rungs, std::function<Ladder()> make) {
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        auto* added = benchmark::RegisterBenchmark((name + "/" + rungs[i]).c_str(), [=](benchmark::State& state) {
            run(state, ladder_called(name, make), i);
        });
        added->UseRealTime()->Unit(benchmark::kMicrosecond);
        if (i == 0) added->Iterations(1);  // the reference takes seconds on some shapes
    }
}

Tensor noise(const Shape& shape, const Device& device, std::uint32_t ordinal) {
    RandomStream random({1, stream_of(Purpose::test, ordinal)});
    std::vector<float> values(static_cast<std::size_t>(shape.size()));
    for (float& value : values) value = static_cast<float>(2 * random.uniform() - 1);
    return from_values(shape, values, device);
}

}  // namespace cairn::bench
