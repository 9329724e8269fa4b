// What a training step needs besides layers and updates: dropout, the L2 penalty, the check for finite gradients.
#include "support/cases_of.h"

#include <limits>

namespace cairn::test {

namespace {

const Sizes awkward{1, 3, 5, 8, 17, 63, 64, 65, 257, 1000, 50001};

void add_dropout(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const std::int64_t n : sizes) {
        const Shape shape{n};
        for (const double rate : {0.0, 0.25, 0.5}) {
            const auto threshold = static_cast<std::uint32_t>(rate * 4294967296.0);
            const double scale = 1 / (1 - rate);
            const RandomKey key{0x123456789abcdefull, stream_of(Purpose::dropout, 3), static_cast<std::uint32_t>(n)};
            const Input x = draw.normal(shape);
            cases.push_back({fmt::format("dropout {} rate {}", n, rate),
                             {x},
                             {{"y", shape, roundings(4)}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.dropout(in[0], key, threshold, scale, out[0]);
                             }});
            cases.push_back({fmt::format("dropout {} rate {} in place", n, rate),
                             {},
                             {{"y", shape, roundings(4), x.values}},
                             [=](Backend& device, const Tensors&, const Tensors& out) {
                                 device.dropout(out[0], key, threshold, scale, out[0]);
                             }});
        }
    }
}

void add_l2_penalty(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const std::int64_t n : sizes) {
        const Shape shape{n};
        cases.push_back(
            {fmt::format("l2_penalty {}", n),
             {draw.normal(shape)},
             {{"loss", {}, sum_of(n)}},
             [](Backend& device, const Tensors& in, const Tensors& out) { device.l2_penalty(in[0], 1e-3, out[0]); }});
        for (const bool accumulate : {false, true}) {
            Output dw{"dw", shape, sum_of(2)};
            if (accumulate) dw.before = draw.normal(shape).values;
            cases.push_back({fmt::format("l2_penalty_backward {}{}", n, accumulate ? " accumulate" : ""),
                             {draw.normal(shape), draw.uniform({}, 0.5, 1)},
                             {dw},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.l2_penalty_backward(in[0], 0.3, in[1], out[0], accumulate);
                             }});
        }
    }
}

void add_all_finite(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    for (const std::int64_t n : sizes) {
        // One bad number, at the start, in the middle and at the end; the largest float is still finite.
        for (const double value : {0.0, static_cast<double>(std::numeric_limits<float>::max()), inf, -inf, nan}) {
            for (const std::int64_t place : {std::int64_t{0}, n / 2, n - 1}) {
                Input x = draw.normal({n});
                x.values[static_cast<std::size_t>(place)] = value;
                cases.push_back(
                    {fmt::format("all_finite {} with {} at {}", n, value, place),
                     {x},
                     {{"flag", {}, exact(), {}, DType::int32}},
                     [](Backend& device, const Tensors& in, const Tensors& out) { device.all_finite(in[0], out[0]); }});
            }
        }
    }
}

}  // namespace

KernelCases training_cases_of(Draw& draw, const Sizes& sizes) {
    KernelCases cases;
    add_dropout(cases, draw, sizes);
    add_l2_penalty(cases, draw, sizes);
    add_all_finite(cases, draw, sizes);
    return cases;
}

KernelCases training_cases() {
    Draw draw(8);
    return training_cases_of(draw, awkward);
}

}  // namespace cairn::test
