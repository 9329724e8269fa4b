// Memory and elementwise kernels.
#include "support/cases_of.h"

#include <cmath>

namespace cairn::test {

namespace {

// Around the widths of vector registers (4, 8, 16 floats) and of a workgroup (64, 256), and enough for several threads.
const Sizes awkward{1, 3, 7, 8, 15, 16, 17, 63, 64, 65, 255, 257, 1000, 50001};

struct UnaryCase {
    Unary op;
    const char* name;
    double low, high;  // of x
    Bound forward, backward;
};

// The bounds leave room for what Vulkan allows: exp 3 + 2 |x| ulp (an ulp is up to 2 u), log an absolute error of 2^-21
// near 1, division 2.5 ulp, sqrt what 1 / inverse_sqrt gives.
const std::vector<UnaryCase> unaries{
    {Unary::exp, "exp", -6, 6, roundings(30), exact()},       {Unary::log, "log", 0.1, 10, by_norm(), roundings(6)},
    {Unary::sqrt, "sqrt", 0, 10, roundings(8), roundings(6)}, {Unary::square, "square", -3, 3, exact(), exact()},
    {Unary::relu, "relu", -3, 3, exact(), exact()},
};

void add_memory(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const std::int64_t n : sizes) {
        const Shape shape{n};
        const auto fill = [](double value) {
            return [=](Backend& device, const Tensors&, const Tensors& out) { device.fill(out[0], value); };
        };
        cases.push_back({fmt::format("fill {} with 0.3", n), {}, {{"y", shape, exact()}}, fill(0.3)});
        cases.push_back({fmt::format("fill {} with 0", n), {}, {{"y", shape, exact()}}, fill(0)});
        cases.push_back({fmt::format("fill int32 {}", n), {}, {{"y", shape, exact(), {}, DType::int32}}, fill(-5)});

        const auto copy = [](Backend& device, const Tensors& in, const Tensors& out) { device.copy(in[0], out[0]); };
        cases.push_back({fmt::format("copy {}", n), {draw.normal(shape)}, {{"y", shape.prepend(1), exact()}}, copy});
        cases.push_back({fmt::format("copy int32 {}", n),
                         {draw.classes(shape, 1u << 20)},
                         {{"y", shape, exact(), {}, DType::int32}},
                         copy});

        const auto convert = [](double divisor) {
            return
                [=](Backend& device, const Tensors& in, const Tensors& out) { device.convert(in[0], divisor, out[0]); };
        };
        Input bytes = draw.integers(shape, 256);
        bytes.dtype = DType::uint8;
        cases.push_back(
            {fmt::format("convert uint8 {} / 255", n), {bytes}, {{"y", shape, roundings(6)}}, convert(255)});
        for (const DType from : {DType::int32, DType::float32, DType::float64}) {
            Input x = draw.integers(shape, 1u << 20);
            x.dtype = from;
            cases.push_back({fmt::format("convert {} {}", name_of(from), n), {x}, {{"y", shape, exact()}}, convert(1)});
        }
    }
    Input bytes = draw.integers({256}, 256);
    bytes.dtype = DType::uint8;
    cases.push_back({"copy uint8",
                     {bytes},
                     {{"y", {16, 16}, exact(), {}, DType::uint8}},
                     [](Backend& device, const Tensors& in, const Tensors& out) { device.copy(in[0], out[0]); }});
}

void add_unary(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const UnaryCase& u : unaries) {
        for (const std::int64_t n : sizes) {
            const Shape shape{n};
            const Unary op = u.op;
            const Input x = draw.uniform(shape, u.low, u.high);
            cases.push_back({fmt::format("{} {}", u.name, n),
                             {x},
                             {{"y", shape, u.forward}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.elementwise(op, in[0], out[0]);
                             }});
            cases.push_back(
                {fmt::format("{} {} in place", u.name, n),
                 {},
                 {{"y", shape, u.forward, x.values}},
                 [=](Backend& device, const Tensors&, const Tensors& out) { device.elementwise(op, out[0], out[0]); }});

            // y is a plain input here: it need not be op(x), which keeps it away from 0 for sqrt.
            const Input y = op == Unary::relu ? draw.relu(shape) : draw.uniform(shape, 0.5, 3);
            const Input kept = keeps_input(op) ? x : y;
            const Input dy = draw.normal(shape);
            cases.push_back({fmt::format("{} backward {}", u.name, n),
                             {kept, dy},
                             {{"dx", shape, u.backward}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.elementwise_backward(op, in[0], in[1], out[0]);
                             }});
            cases.push_back({fmt::format("{} backward {} in place", u.name, n),
                             {kept},
                             {{"dx", shape, u.backward, dy.values}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.elementwise_backward(op, in[0], out[0], out[0]);
                             }});
        }
    }
}

// relu(NaN) = NaN, since NaN is not less than 0. A shader's compiler may take it that there are no NaNs.
void add_relu_of_nan(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    for (const std::int64_t n : sizes) {
        cases.push_back({fmt::format("relu {} with NaN", n),
                         {draw.some_nan({n})},
                         {{"y", {n}, exact()}},
                         [](Backend& device, const Tensors& in, const Tensors& out) {
                             device.elementwise(Unary::relu, in[0], out[0]);
                         }});
    }
}

const std::vector<Broadcast> broadcasts{
    {{}, {}, {}},
    {{5}, {}, {5}},  // a scalar on either side
    {{}, {5}, {5}},
    {{3, 5}, {5}, {3, 5}},  // a bias
    {{5}, {3, 5}, {3, 5}},
    {{3, 5}, {3, 1}, {3, 5}},  // a value per row
    {{3, 1}, {1, 5}, {3, 5}},  // both are repeated
    {{2, 1, 4}, {3, 1}, {2, 3, 4}},
    {{2, 3, 4, 5}, {5}, {2, 3, 4, 5}},
    {{2, 3, 4, 5}, {3, 1, 5}, {2, 3, 4, 5}},
    {{2, 3, 4, 5}, {2, 1, 1, 5}, {2, 3, 4, 5}},  // squeeze and excitation
    {{1, 2, 1, 3, 1, 2}, {2, 1, 2, 1, 3, 1}, {2, 2, 2, 3, 3, 2}},
    {{63, 65}, {65}, {63, 65}},
    {{2570, 21}, {2570, 1}, {2570, 21}},
    {{50, 1001}, {1001}, {50, 1001}},
};

void add_binary(KernelCases& cases, Draw& draw, const std::vector<Broadcast>& all) {
    const std::vector<std::pair<Binary, const char*>> ops{{Binary::add, "add"},
                                                          {Binary::sub, "sub"},
                                                          {Binary::mul, "mul"},
                                                          {Binary::div, "div"},
                                                          {Binary::maximum, "maximum"},
                                                          {Binary::minimum, "minimum"},
                                                          {Binary::greater_equal, "greater_equal"}};
    for (const auto& [operation, name] : ops) {
        const Binary op = operation;
        const Bound bound = op == Binary::div ? roundings(6) : exact();
        for (const Broadcast& s : all) {
            const Input a = draw.normal(s.a), b = op < Binary::maximum ? draw.uniform(s.b, 0.5, 2) : draw.some_nan(s.b);
            const std::string what = fmt::format("{} {} {}", name, s.a, s.b);
            cases.push_back(
                {what, {a, b}, {{"y", s.y, bound}}, [=](Backend& device, const Tensors& in, const Tensors& out) {
                     device.elementwise(op, in[0], in[1], out[0]);
                 }});
            if (s.a == s.y) {
                cases.push_back({what + ", y is a",
                                 {b},
                                 {{"y", s.y, bound, a.values}},
                                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                                     device.elementwise(op, out[0], in[0], out[0]);
                                 }});
            }
            if (s.b == s.y) {
                cases.push_back({what + ", y is b",
                                 {a},
                                 {{"y", s.y, bound, b.values}},
                                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                                     device.elementwise(op, in[0], out[0], out[0]);
                                 }});
            }
        }
    }
}

void add_add_scaled(KernelCases& cases, Draw& draw, const Sizes& sizes) {
    const auto add_scaled = [](double alpha) {
        return [=](Backend& device, const Tensors& in, const Tensors& out) { device.add_scaled(alpha, in[0], out[0]); };
    };
    for (const std::int64_t n : sizes) {
        for (const double alpha : {1.0, -0.3}) {
            cases.push_back({fmt::format("add_scaled {} by {}", n, alpha),
                             {draw.normal({n})},
                             {{"y", {n}, sum_of(2), draw.normal({n}).values}},
                             add_scaled(alpha),
                             add_scaled(std::abs(alpha))});
        }
    }
}

}  // namespace

KernelCases elementwise_cases_of(Draw& draw, const Sizes& sizes, const std::vector<Broadcast>& shapes) {
    KernelCases cases;
    add_memory(cases, draw, sizes);
    add_unary(cases, draw, sizes);
    add_relu_of_nan(cases, draw, sizes);
    add_binary(cases, draw, shapes);
    add_add_scaled(cases, draw, sizes);
    return cases;
}

KernelCases elementwise_cases() {
    Draw draw(1);
    std::vector<Broadcast> shapes = broadcasts;
    for (const std::int64_t n : awkward) shapes.push_back({{n}, {n}, {n}});
    return elementwise_cases_of(draw, awkward, shapes);
}

}  // namespace cairn::test
