// What a training step needs besides layers: dropout, the L2 penalty, the check for finite gradients, and the
// optimizers.
#include "support/kernel_cases.h"

#include <limits>

namespace cairn::test {

namespace {

const std::vector<std::int64_t> sizes{1, 3, 5, 8, 17, 63, 64, 65, 257, 1000, 50001};

void add_dropout(KernelCases& cases, Draw& draw) {
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

void add_l2_penalty(KernelCases& cases, Draw& draw) {
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

void add_all_finite(KernelCases& cases, Draw& draw) {
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

// Which gate an update gets. Behind a closed gate stands a gradient of NaN: nothing may change, so a kernel that
// multiplies by the gate is caught.
struct Gate {
    const char* name;
    std::optional<double> value;
};
const std::vector<Gate> gates{{"no gate", {}}, {"gate 1", 1.0}, {"gate 0", 0.0}};

bool closed(const Gate& gate) { return gate.value == 0.0; }

std::vector<Input> with_gate(Input gradient, const Gate& gate) {
    if (!gate.value) return {gradient};
    if (closed(gate)) gradient.values.assign(gradient.values.size(), std::numeric_limits<double>::quiet_NaN());
    return {gradient, Input{{}, {*gate.value}, DType::int32}};
}

Tensor gate_of(const Tensors& in) { return in.size() > 1 ? in[1] : Tensor(); }

void add_adam(KernelCases& cases, Draw& draw) {
    const auto adam = [](AdamStep step) {
        return [=](Backend& device, const Tensors& in, const Tensors& out) {
            device.adam(step, in[0], out[0], out[1], out[2], gate_of(in));
        };
    };
    for (const std::int64_t n : sizes) {
        for (const Gate& gate : gates) {
            for (const bool first : {true, false}) {
                // The first step: m = v = 0, so v = (1 - beta2) g^2. 1 - beta2 taken in float32 would be off by 1e-5.
                const std::vector<double> zero(static_cast<std::size_t>(n), 0.0);
                const std::vector<double> m = first ? zero : draw.normal({n}).values;
                const std::vector<double> v = first ? zero : draw.uniform({n}, 0.01, 2).values;
                AdamStep step{1e-3, 0.9, 0.999, 1e-7}, opposite = step;
                opposite.step_size = -step.step_size;  // all terms of w positive
                const Bound bound = closed(gate) ? exact() : sum_of(2);
                cases.push_back(
                    {fmt::format("adam {} {}{}", n, gate.name, first ? " first step" : ""),
                     with_gate(draw.normal({n}), gate),
                     {{"m", {n}, bound, m}, {"v", {n}, bound, v}, {"w", {n}, bound, draw.normal({n}).values}},
                     adam(step),
                     adam(opposite)});
            }
        }
    }
}

void add_sgd(KernelCases& cases, Draw& draw) {
    const auto sgd = [](SgdStep step) {
        return [=](Backend& device, const Tensors& in, const Tensors& out) {
            device.sgd(step, in[0], step.momentum != 0 ? out[1] : Tensor(), out[0], gate_of(in));
        };
    };
    for (const std::int64_t n : sizes) {
        for (const Gate& gate : gates) {
            for (const SgdStep& step : {SgdStep{0.1}, SgdStep{0.1, 0.9, false}, SgdStep{0.1, 0.9, true}}) {
                SgdStep opposite = step;
                opposite.learning_rate = -step.learning_rate;  // all terms positive
                std::vector<Output> outputs{{"w", {n}, closed(gate) ? exact() : sum_of(3), draw.normal({n}).values}};
                if (step.momentum != 0) {
                    outputs.push_back({"velocity", {n}, closed(gate) ? exact() : sum_of(2), draw.normal({n}).values});
                }
                cases.push_back({fmt::format("sgd {} {} momentum {}{}", n, gate.name, step.momentum,
                                             step.nesterov ? " nesterov" : ""),
                                 with_gate(draw.normal({n}), gate), outputs, sgd(step), sgd(opposite)});
            }
        }
    }
}

}  // namespace

KernelCases training_cases() {
    KernelCases cases;
    Draw draw(8);
    add_dropout(cases, draw);
    add_l2_penalty(cases, draw);
    add_all_finite(cases, draw);
    add_adam(cases, draw);
    add_sgd(cases, draw);
    return cases;
}

}  // namespace cairn::test
