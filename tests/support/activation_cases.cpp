// The elementwise kernels that compute activations, and others that take a number with them.
#include "support/cases_of.h"

#include <limits>

namespace cairn::test {

namespace {

const Sizes awkward{1, 3, 8, 17, 63, 65, 257, 50001};

struct Activation {
    UnaryFunction f;
    const char* name;
    double low, high;  // of x
    Bound forward, backward;
    double kept_low, kept_high;  // of what the gradient reads, if that is y
    bool saturates = true;
};

// Each formula is a chain of a dozen roundings without cancellation; gelu_tanh's argument, up to 25 for |x| <= 6, has the
// error of three, which the exponential multiplies by it, as the reference's erfc does the square of gelu's. The gradients of gelu and silu pass through 0, where there is no
// relative error. A Vulkan driver's log2 may be off by 2^-21, of which pow makes 2.5 times as much.
// Numbers that come with an operation are exact in float32.
const std::vector<Activation> activations{
    {Unary::sigmoid, "sigmoid", -6, 6, roundings(16), roundings(8), 0.01, 1},
    {Unary::tanh, "tanh", -6, 6, roundings(16), roundings(10), -1, 1},
    {Unary::silu, "silu", -6, 6, roundings(20), by_norm(), 0, 0},
    {Unary::softplus, "softplus", -6, 6, roundings(24), roundings(20), 0, 0},
    {Unary::gelu, "gelu", -6, 6, roundings(100), by_norm(), 0, 0},
    {Unary::gelu_tanh, "gelu_tanh", -6, 6, roundings(200), by_norm(), 0, 0},
    {{Unary::elu, 0.75}, "elu", -6, 6, roundings(16), roundings(16), 0, 0},
    {{Unary::leaky_relu, 0.25}, "leaky_relu", -6, 6, exact(), exact(), -1, 1},
    {Unary::abs, "abs", -6, 6, exact(), exact(), 0, 0},
    {{Unary::pow, 3}, "pow 3", -3, 3, roundings(10), roundings(10), 0, 0, false},
    {{Unary::pow, -2}, "pow -2", 0.5, 3, roundings(20), roundings(20), 0, 0, false},
    {{Unary::pow, 2.5}, "pow 2.5", 0.1, 3, roundings(80), roundings(80), 0, 0, false},
    {{Unary::reciprocal, -3}, "reciprocal", 0.1, 3, roundings(8), roundings(10), 0, 0, false},
};

KernelCase forward(const Activation& a, const std::string& name, const Input& x, const Bound& bound) {
    return {
        fmt::format("{} {}", a.name, name),
        {x},
        {{"y", x.shape, bound}},
        [f = a.f](Backend& device, const Tensors& in, const Tensors& out) { device.elementwise(f, in[0], out[0]); }};
}

KernelCase backward(const Activation& a, const std::string& name, const Input& kept, const Input& dy,
                    const Bound& bound) {
    return {fmt::format("{} backward {}", a.name, name),
            {kept, dy},
            {{"dx", kept.shape, bound}},
            [f = a.f](Backend& device, const Tensors& in, const Tensors& out) {
                device.elementwise_backward(f, in[0], in[1], out[0]);
            }};
}

}  // namespace

KernelCases activation_cases_of(Draw& draw, const Sizes& sizes) {
    KernelCases cases;
    for (const Activation& a : activations) {
        const bool of_x = keeps_input(a.f.op);
        for (const std::int64_t n : sizes) {
            const std::string name = fmt::format("{}", n);
            const Input x = draw.uniform({n}, a.low, a.high);
            const Input kept = of_x ? x : draw.uniform({n}, a.kept_low, a.kept_high);
            cases.push_back(forward(a, name, x, a.forward));
            cases.push_back(backward(a, name, kept, draw.normal({n}), a.backward));
        }
        // NaN must arrive, in a vector's lane and in a shader whose compiler may take it that there is none. Always as float32,
        // which is compared element by element.
        Input some_nan = draw.some_nan({65}), dy = draw.normal({65});
        some_nan.dtype = dy.dtype = DType::float32;
        if (a.f.op != Unary::pow) {
            KernelCase there = forward(a, "with NaN", some_nan, a.forward);
            const bool by_norm = a.backward.kind == Bound::Kind::norm;
            KernelCase back = backward(a, "with NaN", some_nan, dy, by_norm ? absolute(1e-5) : a.backward);
            for (KernelCase* c : {&there, &back}) {
                c->outputs[0].dtype = DType::float32;
                cases.push_back(*c);
            }
        }
        // Neither infinity nor NaN far out: exponentials that overflow, differences of two infinities, 0 times infinity.
        if (!a.saturates) continue;
        const Input far{{6}, {-1e4, 1e4, -1e3, 1e3, 0, -0.0}}, ones{{6}, std::vector<double>(6, 1)};
        const Input far_y{{6}, {-1, 1, 0, 1, 0, 0}};
        cases.push_back(forward(a, "far out", far, roundings(4)));
        cases.push_back(backward(a, "far out", of_x ? far : far_y, ones, roundings(4)));
    }
    for (const std::int64_t n : sizes)
        cases.push_back(
            {fmt::format("affine {}", n),
             {draw.normal({n})},
             {{"y", {n}, sum_of(2)}},
             [](Backend& device, const Tensors& in, const Tensors& out) { device.affine(in[0], -0.3, 2.1, out[0]); },
             [](Backend& device, const Tensors& in, const Tensors& out) { device.affine(in[0], 0.3, 2.1, out[0]); }});
    return cases;
}

KernelCases activation_cases() {
    Draw draw(21);
    return activation_cases_of(draw, awkward);
}

}  // namespace cairn::test
