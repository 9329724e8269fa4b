// Softmax, log_softmax and the cross-entropy with class and probability labels, also where a plain exp would overflow.
#include "support/cases_of.h"

#include <cmath>

namespace cairn::test {

namespace {

const std::vector<Shape> shapes{{1, 1},   {7},      {1, 2},    {5, 10},   {64, 10},
                                {63, 17}, {65, 65}, {3, 1000}, {2, 3, 5}, {5000, 11}};

using Kernel = void (Backend::*)(const Tensor&, const Tensor&);
using BackwardKernel = void (Backend::*)(const Tensor&, const Tensor&, const Tensor&);

KernelCase forward(const std::string& name, Kernel kernel, const Input& x, const Bound& bound) {
    return {name, {x}, {{"y", x.shape, bound}}, [=](Backend& device, const Tensors& in, const Tensors& out) {
                (device.*kernel)(in[0], out[0]);
            }};
}

KernelCase backward(const std::string& name, BackwardKernel kernel, const Input& y, const Input& dy,
                    const Bound& bound) {
    return {name, {y, dy}, {{"dx", y.shape, bound}}, [=](Backend& device, const Tensors& in, const Tensors& out) {
                (device.*kernel)(in[0], in[1], out[0]);
            }};
}

// Rows that sum to 1 but for the rounding to float32.
Input probabilities(Draw& draw, const Shape& shape) {
    Input p = draw.uniform(shape, 0.1, 1);
    const std::int64_t C = shape[-1];
    for (std::int64_t b = 0; b < shape.size() / C; ++b) {
        double sum = 0;
        for (std::int64_t c = 0; c < C; ++c) sum += p.values[static_cast<std::size_t>(b * C + c)];
        for (std::int64_t c = 0; c < C; ++c) {
            double& value = p.values[static_cast<std::size_t>(b * C + c)];
            value = static_cast<float>(value / sum);
        }
    }
    return p;
}

Input one_hot(const Input& classes, std::int64_t C) {
    Input p{{classes.shape[0], C}, std::vector<double>(static_cast<std::size_t>(classes.shape[0] * C), 0.0)};
    for (std::size_t b = 0; b < classes.values.size(); ++b) {
        p.values[b * static_cast<std::size_t>(C) + static_cast<std::size_t>(classes.values[b])] = 1;
    }
    return p;
}

void add_softmax(KernelCases& cases, Draw& draw, const Shape& shape) {
    // One class: the result is log(1) = 0, and a gradient of 0, but for rounding; on Vulkan log(1) may be off by
    // 2^-21.
    const Bound logarithm = shape[-1] == 1 ? absolute(1e-6) : by_norm();
    const Bound gradient = shape[-1] == 1 ? absolute(1e-6) : by_norm();
    cases.push_back(
        forward(fmt::format("softmax {}", shape), &Backend::softmax, draw.uniform(shape, -2, 2), by_norm()));
    cases.push_back(
        forward(fmt::format("log_softmax {}", shape), &Backend::log_softmax, draw.uniform(shape, -2, 2), logarithm));
    // exp(1000) overflows in every type.
    cases.push_back(
        forward(fmt::format("softmax {} huge", shape), &Backend::softmax, draw.uniform(shape, 900, 1000), by_norm()));
    cases.push_back(forward(fmt::format("log_softmax {} huge", shape), &Backend::log_softmax,
                            draw.uniform(shape, 900, 1000), logarithm));

    const Input p = probabilities(draw, shape);
    Input log_p = p;
    for (double& value : log_p.values) value = static_cast<float>(std::log(value));
    const Input dy = draw.normal(shape);
    cases.push_back(backward(fmt::format("softmax_backward {}", shape), &Backend::softmax_backward, p, dy, gradient));
    cases.push_back(
        backward(fmt::format("log_softmax_backward {}", shape), &Backend::log_softmax_backward, log_p, dy, gradient));
}

void add_cross_entropy(KernelCases& cases, Draw& draw, const Shape& shape) {
    const std::int64_t B = shape[0], C = shape[1];
    const Bound bound = C == 1 ? absolute(1e-6) : by_norm();
    const Input classes = draw.classes({B}, static_cast<std::uint32_t>(C));
    const std::vector<std::pair<std::string, Input>> all{
        {"classes", classes},
        {"one-hot", one_hot(classes, C)},
        {"probabilities", probabilities(draw, shape)},
        {"weights", draw.uniform(shape, 0, 2)}};  // rows that do not sum to 1
    for (const auto& [name, labels] : all) {
        for (const double size : {2.0, 100.0}) {
            // Few rows of huge logits would have a gradient p - 1 of nothing but rounding.
            if (size > 2 && shape.size() < 100) continue;
            const Input logits = draw.uniform(shape, -size, size);
            const std::string what = fmt::format("{} {} logits up to {}", shape, name, size);
            cases.push_back({"softmax_cross_entropy " + what,
                             {logits, labels},
                             {{"loss", {}, bound}},
                             [](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.softmax_cross_entropy(in[0], in[1], out[0]);
                             }});
            cases.push_back({"softmax_cross_entropy_backward " + what,
                             {logits, labels, draw.uniform({}, 0.5, 1)},
                             {{"dlogits", shape, bound}},
                             [](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.softmax_cross_entropy_backward(in[0], in[1], in[2], out[0]);
                             }});
        }
        const auto count = [](Backend& device, const Tensors& in, const Tensors& out) {
            device.count_correct(in[0], in[1], out[0]);
        };
        cases.push_back({fmt::format("count_correct {} {}", shape, name),
                         {draw.normal(shape), labels},
                         {{"count", {}, exact()}},
                         count});
        cases.push_back({fmt::format("count_correct {} {} with NaN", shape, name),
                         {draw.some_nan(shape), labels},
                         {{"count", {}, exact()}},
                         count});
        cases.push_back({fmt::format("count_correct {} {} of ties", shape, name),
                         {draw.integers(shape, 3), labels},
                         {{"count", {}, exact()}},
                         count});
    }
}

}  // namespace

KernelCases softmax_cases_of(Draw& draw, const std::vector<Shape>& all) {
    KernelCases cases;
    for (const Shape& shape : all) {
        add_softmax(cases, draw, shape);
        if (shape.rank() == 2) add_cross_entropy(cases, draw, shape);
    }
    return cases;
}

KernelCases softmax_cases() {
    Draw draw(7);
    return softmax_cases_of(draw, shapes);
}

}  // namespace cairn::test
