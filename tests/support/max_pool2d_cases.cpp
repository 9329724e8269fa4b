// Max pooling: windows that tile the image, overlap, leave a rest or reach into the padding.
#include "cairn/backend/devices.h"
#include "support/cases_of.h"
#include "support/windows.h"

#include <limits>
#include <utility>

namespace cairn::test {

namespace {

const std::vector<PoolGeometry> geometries{
    {1, 1, 1, 1, 1, 1, 1, 1, false},  {1, 2, 2, 1, 2, 2, 2, 2, false},
    {2, 8, 8, 3, 2, 2, 2, 2, false},                                    // the notebooks' pooling
    {2, 8, 8, 32, 2, 2, 2, 2, false}, {3, 7, 9, 5, 2, 2, 2, 2, false},  // the last row and column are left out
    {3, 7, 9, 5, 2, 2, 2, 2, true},                                     // the last windows reach into the padding
    {2, 8, 8, 64, 3, 3, 2, 2, true},                                    // overlap; pads 0 and 1
    {2, 9, 9, 5, 3, 3, 2, 2, true},                                     // overlap; pads 1 and 1
    {1, 9, 9, 65, 3, 3, 2, 2, false}, {2, 6, 6, 3, 3, 3, 1, 1, true},   // every pixel is in up to nine windows
    {2, 5, 8, 3, 2, 3, 1, 2, false},  {2, 9, 9, 3, 2, 2, 3, 3, false},  // gaps: dx is 0 there
    {1, 6, 6, 33, 6, 6, 6, 6, false},                                   // global
    {5, 1, 65, 1, 1, 2, 1, 2, true},  {4, 32, 32, 32, 2, 2, 2, 2, false},
};

// The argmax of the reference, as an input for backward.
Input argmax_of(const Input& x, const Window& window, const Shape& y_shape) {
    const Device reference = Device::reference();
    const Tensor y = empty(y_shape, DType::float64, reference), argmax = empty(y_shape, DType::int32, reference);
    backend(reference).max_pool2d(from_values(x.shape, x.values, reference), window, y, argmax);
    const std::vector<std::int32_t> winners = argmax.to_vector<std::int32_t>();
    return {y_shape, {winners.begin(), winners.end()}, DType::int32};
}

// A NaN makes its window's maximum NaN, and the first one is the argmax. One element in three, five or seven is NaN: windows
// have none, one or several, anywhere.
void add_nan(KernelCases& cases, Draw& draw) {
    for (const auto& [size, stride] : {std::pair<std::int64_t, std::int64_t>{2, 2}, {3, 2}}) {
        for (const std::size_t every : {3, 5, 7}) {
            Input x = draw.uniform({2, 8, 8, 33}, -3, -1);
            for (std::size_t i = 1; i < x.values.size(); i += every)
                x.values[i] = std::numeric_limits<double>::quiet_NaN();
            const Window window{size, size, stride, stride, 0, 0};
            const std::int64_t outputs = slide(8, size, stride, false).outputs;
            const Shape y{2, outputs, outputs, 33};
            cases.push_back({fmt::format("max_pool2d window {} with NaN, one in {}", size, every),
                             {x},
                             {{"y", y, exact()}, {"argmax", y, exact(), {}, DType::int32}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.max_pool2d(in[0], window, out[0], out[1]);
                             }});
        }
    }
}

}  // namespace

KernelCases max_pool2d_cases_of(Draw& draw, const std::vector<PoolGeometry>& all) {
    KernelCases cases;
    for (const PoolGeometry& g : all) {
        const Axis rows = slide(g.H, g.kh, g.sh, g.same), columns = slide(g.W, g.kw, g.sw, g.same);
        const Window window{g.kh, g.kw, g.sh, g.sw, rows.before, columns.before};
        const Shape x{g.N, g.H, g.W, g.C}, y{g.N, rows.outputs, columns.outputs, g.C};
        const std::string where =
            fmt::format(" {} window ({}, {}) strides {} {} {}", x, g.kh, g.kw, g.sh, g.sw, g.same ? "same" : "valid");

        for (const bool ties : {false, true}) {
            // Negative, so that padding that counts as 0 is caught; or four values only, so that there are ties.
            const Input input = ties ? draw.integers(x, 4) : draw.uniform(x, -3, -1);
            const std::string what = (ties ? " of ties" : "") + where;
            cases.push_back({"max_pool2d" + what,
                             {input},
                             {{"y", y, exact()}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.max_pool2d(in[0], window, out[0], Tensor());
                             }});
            cases.push_back({"max_pool2d with argmax" + what,
                             {input},
                             {{"y", y, exact()}, {"argmax", y, exact(), {}, DType::int32}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.max_pool2d(in[0], window, out[0], out[1]);
                             }});
            cases.push_back({"max_pool2d_backward" + what,
                             {draw.normal(y), argmax_of(input, window, y)},
                             {{"dx", x, sum_of(g.kh * g.kw)}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.max_pool2d_backward(in[0], in[1], window, out[0]);
                             }});
        }
    }
    return cases;
}

KernelCases max_pool2d_cases() {
    Draw draw(5);
    KernelCases cases = max_pool2d_cases_of(draw, geometries);
    add_nan(cases, draw);
    return cases;
}

}  // namespace cairn::test
