// The updates of parameters: Adam, SGD, the rules of optimizer_step, weight decay, and the clipping of gradients.
#include "support/cases_of.h"

#include <limits>

namespace cairn::test {

namespace {

const Sizes awkward{1, 3, 5, 8, 17, 63, 64, 65, 257, 1000, 50001};

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

void add_adam(KernelCases& cases, Draw& draw, const Sizes& sizes) {
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

void add_sgd(KernelCases& cases, Draw& draw, const Sizes& sizes) {
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

// Every rule in every form, from the first step on and later. A first step's slots are 0, so that 1 - rho or 1 - beta taken
// in float32, which would be off by 1e-5, shows.
void add_rules(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    struct Rule {
        const char* name;
        UpdateStep step;
        std::size_t slots;
    };
    const Rule rules[] = {{"rmsprop", {UpdateRule::rmsprop, 0.01, {0.9, 0, 1e-7, 0}}, 1},
                          {"rmsprop momentum", {UpdateRule::rmsprop, 0.01, {0.9, 0.8, 1e-7, 0}}, 2},
                          {"rmsprop centered", {UpdateRule::rmsprop, 0.01, {0.9, 0, 1e-7, 1}}, 2},
                          {"rmsprop both", {UpdateRule::rmsprop, 0.01, {0.9, 0.8, 1e-7, 1}}, 3},
                          {"adagrad", {UpdateRule::adagrad, 0.01, {1e-7}}, 1},
                          {"lion", {UpdateRule::lion, 0.01, {0.9, 0.99}}, 1}};
    for (const auto& [name, step, slots] : rules)
        for (const std::int64_t n : sizes)
            for (const Gate& gate : gates)
                for (const bool first : {true, false}) {
                    const Bound bound = closed(gate) ? exact() : by_norm();
                    std::vector<Output> outputs{{"w", {n}, bound, draw.normal({n}).values}};
                    const Input gradient = draw.normal({n});
                    for (std::size_t s = 0; s < slots; ++s) {
                        // The mean of squares is above the square of the mean, as it is in a training.
                        std::vector<double> before(static_cast<std::size_t>(n), 0.0);
                        if (!first) before = s == 0 ? draw.uniform({n}, 2, 3).values : draw.uniform({n}, -1, 1).values;
                        outputs.push_back({fmt::format("s{}", s), {n}, bound, before});
                    }
                    cases.push_back(
                        {fmt::format("optimizer_step {} {} {}{}", name, n, gate.name, first ? " first step" : ""),
                         with_gate(gradient, gate), outputs,
                         [step = step](Backend& device, const Tensors& in, const Tensors& out) {
                             device.optimizer_step(step, in[0], {out.begin() + 1, out.end()}, out[0], gate_of(in));
                         }});
                }
}

// A gradient that is NaN makes its weight NaN by every rule, by the sign of Lion too, and leaves the others alone.
void add_rules_with_nan(KernelCases& cases, Draw& draw) {
    const std::pair<const char*, UpdateStep> rules[] = {{"rmsprop", {UpdateRule::rmsprop, 0.01, {0.9, 0, 1e-7, 0}}},
                                                        {"adagrad", {UpdateRule::adagrad, 0.01, {1e-7}}},
                                                        {"lion", {UpdateRule::lion, 0.01, {0.9, 0.99}}}};
    for (const auto& [name, step] : rules)
        cases.push_back({fmt::format("optimizer_step {} with NaN", name),
                         {draw.some_nan({65})},
                         {{"w", {65}, absolute(1e-5), draw.normal({65}).values},
                          {"s0", {65}, absolute(1e-5), draw.uniform({65}, 2, 3).values}},
                         [step = step](Backend& device, const Tensors& in, const Tensors& out) {
                             device.optimizer_step(step, in[0], {out[1]}, out[0], Tensor());
                         }});
}

void add_weight_decay(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const std::int64_t n : sizes)
        for (const Gate& gate : gates)
            for (const bool masked : {false, true})
                cases.push_back({fmt::format("weight_decay {} {}{}", n, gate.name, masked ? " masked" : ""),
                                 with_gate(draw.integers({n}, 3), gate),
                                 {{"w", {n}, closed(gate) ? exact() : roundings(4), draw.normal({n}).values}},
                                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                                     device.weight_decay(0.125, masked ? in[0] : Tensor(), out[0], gate_of(in));
                                 }});
}

void add_clipping(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const std::int64_t n : sizes) {
        for (const double squares : {0.0, 3.9, 4.0, 4.1, 1e6})  // the limit is 2
            cases.push_back({fmt::format("clip_by_norm {} of {}", n, squares),
                             {{{}, {static_cast<double>(static_cast<float>(squares))}}},
                             {{"x", {n}, roundings(6), draw.normal({n}).values}},
                             [](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.clip_by_norm(in[0], 2, out[0]);
                             }});
        // A norm that is not finite says nothing of how far to go; left as they are, the numbers would be a step of any length.
        for (const double squares : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
            cases.push_back({fmt::format("clip_by_norm {} of {}", n, squares),
                             {{{}, {squares}}},
                             {{"x", {n}, exact(), draw.normal({n}).values}},
                             [](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.clip_by_norm(in[0], 2, out[0]);
                             }});
        for (const Input& x : {draw.normal({n}), draw.some_nan({n})})
            cases.push_back(
                {fmt::format("clip_by_value {} to {}", n, x.values.front()),
                 {},
                 {{"x", {n}, exact(), x.values}},
                 [](Backend& device, const Tensors&, const Tensors& out) { device.clip_by_value(0.75, out[0]); }});
    }
}

}  // namespace

KernelCases update_cases_of(Draw& draw, const Sizes& sizes) {
    KernelCases cases;
    add_adam(cases, draw, sizes);
    add_sgd(cases, draw, sizes);
    add_rules(cases, draw, sizes);
    add_weight_decay(cases, draw, sizes);
    add_clipping(cases, draw, sizes);
    return cases;
}

KernelCases update_cases() {
    Draw draw(10);
    KernelCases cases = update_cases_of(draw, awkward);
    add_rules_with_nan(cases, draw);
    return cases;
}

}  // namespace cairn::test
