#include "properties/drawn.h"

#include "cairn/backend/devices.h"

#include <algorithm>
#include <cmath>

namespace cairn::test {

namespace {

struct Slid {
    std::int64_t outputs, before, stride;
};

// One axis of a convolution over n pixels: padding of either side is at most the window's reach, as where an op pads.
Slid drawn_axis(std::int64_t n, std::int64_t reach, bool rows) {
    const std::int64_t before = drawn(rows ? "pad_top" : "pad_left", 0, reach - 1);
    const std::int64_t least_after = std::max<std::int64_t>(0, reach - n - before);
    const std::int64_t after = drawn(rows ? "pad_bottom" : "pad_right", least_after, std::max(least_after, reach - 1));
    const std::int64_t stride = drawn(rows ? "stride_h" : "stride_w", 1, 4);
    return {(n + before + after - reach) / stride + 1, before, stride};
}

double norm(const std::vector<double>& values) {
    double squares = 0;
    for (const double value : values) squares += value * value;
    return std::sqrt(squares);
}

// The outputs of the case, with every number moved up or down by a few roundings.
std::vector<std::vector<double>> outputs_nearby(KernelCase moved, std::uint64_t seed) {
    constexpr double few_roundings = 8.0 / (1 << 24);
    Draw signs(1001, seed);
    for (Input& input : moved.inputs) {
        if (input.dtype) continue;  // labels and bytes, or numbers that stay what they are
        const std::vector<double> up = signs.integers(input.shape, 2).values;
        for (std::size_t i = 0; i < up.size(); ++i) input.values[i] *= 1 + (2 * up[i] - 1) * few_roundings;
    }
    return outputs_of(moved, {Device::reference(), DType::float64});
}

// The case with bounds by norm that allow for its inputs: where a difference cancels, the result moves by more than 1e-5 when
// its inputs move by a few roundings, and no kernel could be nearer. The reference itself says by how much.
KernelCase conditioned(KernelCase kernel_case, const Expected& reference) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {  // one direction alone may happen to change nothing
        const std::vector<std::vector<double>> outputs = outputs_nearby(kernel_case, seed);
        for (std::size_t k = 0; k < outputs.size(); ++k) {
            std::vector<double> change = outputs[k];
            for (std::size_t i = 0; i < change.size(); ++i) change[i] -= reference.values[k][i];
            Bound& bound = kernel_case.outputs[k].bound;
            const double size = norm(reference.values[k]);
            if (bound.kind == Bound::Kind::norm && size > 0) bound.limit += 2 * norm(change) / size;
        }
    }
    return kernel_case;
}

}  // namespace

std::int64_t drawn_size(const char* name, std::int64_t limit) {
    const std::int64_t edges[] = {7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 255, 256, 257, 1023, 1025};
    const std::int64_t edge = edges[drawn("edge", 0, std::ssize(edges) - 1)];
    return edge <= limit && drawn("at an edge", 0, 1) == 1 ? edge : drawn(name, 1, limit);
}

Shape drawn_shape(const char* name, int least_rank, int most_rank, std::int64_t most_elements) {
    Shape shape;
    const auto rank = drawn("rank", least_rank, most_rank);
    for (std::int64_t axis = 0, left = most_elements; axis < rank; ++axis) {
        const std::int64_t dim = drawn(name, 1, std::min<std::int64_t>(left, axis == 0 ? 40 : 9));
        shape = shape.append(dim);
        left = std::max<std::int64_t>(1, left / dim);
    }
    return shape;
}

Convolved drawn_convolution() {
    const std::int64_t N = drawn("N", 1, 3), H = drawn("H", 1, 9), W = drawn("W", 1, 9), groups = drawn("groups", 1, 4);
    const std::int64_t C = drawn("C / groups", 1, groups == 1 ? 20 : 5),
                       O = drawn("O / groups", 1, groups == 1 ? 20 : 5);
    const std::int64_t kh = drawn("kh", 1, 5), kw = drawn("kw", 1, 5);
    const std::int64_t dh = drawn("dilation_h", 1, 3), dw = drawn("dilation_w", 1, 3);
    const Slid rows = drawn_axis(H, (kh - 1) * dh + 1, true), columns = drawn_axis(W, (kw - 1) * dw + 1, false);
    const auto algorithm = static_cast<ConvolutionAlgorithm>(drawn("algorithm", 0, 3));
    Convolved c = convolution(
        {N, H, W, C * groups, kh, kw, O * groups, true, rows.stride, columns.stride, dh, dw, groups}, algorithm);
    c.y = {N, rows.outputs, columns.outputs, O * groups};
    c.window.pad_top = rows.before;
    c.window.pad_left = columns.before;
    return c;
}

Draw drawn_values() { return Draw(1000, static_cast<std::uint64_t>(drawn("values", 0, 1 << 20))); }

void expect_agreement(const KernelCases& cases, const Device& device) {
    const bool both = backend(device).supports(DType::float64);
    const DType dtype = both && drawn("float64", 0, 1) == 1 ? DType::float64 : DType::float32;
    const std::int64_t margin = drawn("margin", 0, 70);
    const auto threads = static_cast<int>(drawn("threads", 1, 5));
    const Target target{device, dtype, margin, device == Device::cpu() ? threads : 0};
    for (const KernelCase& kernel_case : cases) {
        if (!runs_on(target, kernel_case)) continue;
        const Expected reference = expected(kernel_case);
        ::testing::AssertionResult result = agrees(kernel_case, reference, target);
        if (!result) result = agrees(conditioned(kernel_case, reference), reference, target);
        if (!result) RC_FAIL(result.message());
    }
}

}  // namespace cairn::test
