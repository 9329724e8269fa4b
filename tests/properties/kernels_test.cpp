// Every kernel of backend/backend.h against the float64 reference, on shapes, windows and groups that nobody thought of: the
// cases of support/ on drawn shapes instead of their tables. It would catch what those catch at a shape that no table has. How
// many are drawn, and from which seed: RC_PARAMS, see CONTRIBUTING.md.
#include "properties/drawn.h"

#include "cairn/backend/devices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace cairn::test {
namespace {

class Kernels : public ::testing::TestWithParam<Device> {
protected:
    void SetUp() override {
        if (GetParam() != Device::cpu() && vulkan_devices().empty()) GTEST_SKIP() << "there is no Vulkan here";
    }

    void TearDown() override {  // ctest switches the validation layer on
        for (const std::string& message : take_vulkan_messages()) ADD_FAILURE() << message;
    }

    template <typename Draw>
    void agree(const std::string& what, const Draw& cases) {
        EXPECT_TRUE(rc::check(what, [&] { expect_agreement(cases(), GetParam()); }));
    }
};

TEST_P(Kernels, Elementwise) {
    agree("memory, unary and binary kernels agree with the reference", [] {
        // Either side repeats some axes, and one of them may lack the first ones.
        const Shape y = drawn_shape("dim", 0, 5, 3000);
        Shape a, b;
        const std::int64_t missing = drawn("missing axes of b", 0, y.rank());
        for (int axis = 0; axis < y.rank(); ++axis) {
            const std::int64_t side = drawn("repeated in", 0, 3);
            a = a.append(side == 1 && axis >= missing ? 1 : y[axis]);
            if (axis >= missing) b = b.append(side == 2 ? 1 : y[axis]);
        }
        const bool swapped = drawn("swapped", 0, 1) == 1;
        Draw draw = drawn_values();
        return elementwise_cases_of(draw, {drawn_size("n", 2000)}, {swapped ? Broadcast{b, a, y} : Broadcast{a, b, y}});
    });
}

TEST_P(Kernels, Activations) {
    agree("activations and their gradients agree with the reference", [] {
        Draw draw = drawn_values();
        return activation_cases_of(draw, {drawn_size("n", 2000)});
    });
}

TEST_P(Kernels, Reductions) {
    agree("reductions over any axes, and argmax, agree with the reference", [] {
        const Shape x = drawn_shape("dim", 0, 6, 5000), rows = drawn_shape("dim", 1, 4, 3000);
        Shape y;
        bool dropping = drawn("drops its first axes", 0, 1) == 1;
        for (int axis = 0; axis < x.rank(); ++axis) {
            const bool reduced = drawn("reduced", 0, 1) == 1;
            dropping = dropping && reduced;
            if (!dropping) y = y.append(reduced ? 1 : x[axis]);
        }
        Draw draw = drawn_values();
        return reduce_cases_of(draw, {{x, y}}, {rows});
    });
}

// A part of x with its axes in another order, some of them backwards, goes to a part of a larger y.
Moved drawn_copy() {
    Moved moved{"drawn", drawn_shape("dim", 0, 5, 2000), {}, {}, false};
    const Shape& x = moved.x;
    std::vector<int> order(static_cast<std::size_t>(x.rank()));
    std::iota(order.begin(), order.end(), 0);
    for (int axis = x.rank() - 1; axis > 0; --axis)
        std::swap(order[static_cast<std::size_t>(axis)], order[static_cast<std::size_t>(drawn("order", 0, axis))]);
    const Placement from = contiguous(x);
    StridedCopy& copy = moved.copy;
    std::vector<std::int64_t> starts;
    for (int axis = 0; axis < x.rank(); ++axis) {
        const int source = order[static_cast<std::size_t>(axis)];
        const std::int64_t every = drawn("every", 1, 3), count = drawn("count", 1, (x[source] + every - 1) / every);
        const bool backwards = drawn("backwards", 0, 1) == 1, repeated = drawn("repeated", 0, 4) == 4;
        const auto at = static_cast<std::size_t>(axis);
        copy.shape = copy.shape.append(count);
        if (backwards && !repeated)
            copy.from.offset += (count - 1) * every * from.step[static_cast<std::size_t>(source)];
        copy.from.step[at] = repeated ? 0 : (backwards ? -every : every) * from.step[static_cast<std::size_t>(source)];
        starts.push_back(drawn("start", 0, 2));
        moved.y = moved.y.append(count + starts.back() + drawn("end", 0, 2));
    }
    const Placement to = contiguous(moved.y);
    copy.to.step = to.step;
    for (std::size_t axis = 0; axis < starts.size(); ++axis) copy.to.offset += starts[axis] * to.step[axis];
    return moved;
}

TEST_P(Kernels, Moves) {
    agree("copies of parts, and rows by their number, agree with the reference", [] {
        const Moved moved = drawn_copy();
        const Gathered rows{drawn("rows", 1, 20), drawn_size("width", 300), drawn("rows gathered", 1, 60)};
        Draw draw = drawn_values();
        return strided_cases_of(draw, {moved}, {rows});
    });
}

TEST_P(Kernels, Products) {
    agree("matrix products and dense layers agree with the reference", [] {
        const Product product{drawn_size("M", 40), drawn_size("N", 40), drawn_size("K", 300)};
        Draw draw = drawn_values();
        return matmul_cases_of(draw, {product}, {product});
    });
}

// Does every window along one axis hold a pixel of the image?
bool all_see_pixels(std::int64_t pixels, std::int64_t outputs, std::int64_t window, std::int64_t stride,
                    std::int64_t pad, std::int64_t dilation) {
    for (std::int64_t i = 0; i < outputs; ++i) {
        bool sees = false;
        for (std::int64_t a = 0; a < window; ++a) {
            const std::int64_t at = i * stride - pad + a * dilation;
            sees = sees || (at >= 0 && at < pixels);
        }
        if (!sees) return false;
    }
    return true;
}

// The cases but for those of an infinite kernel where a window holds nothing but padding: 0 times infinity is NaN, and a
// kernel that leaves padding out has 0. The contract allows both.
KernelCases without_infinite_padding(KernelCases cases, const Convolved& c) {
    const Window& w = c.window;
    const bool all_see = all_see_pixels(c.x[1], c.y[1], w.window_h, w.stride_h, w.pad_top, w.dilation_h) &&
                         all_see_pixels(c.x[2], c.y[2], w.window_w, w.stride_w, w.pad_left, w.dilation_w);
    if (!all_see)
        std::erase_if(cases, [](const KernelCase& k) { return k.name.find("infinite kernel") != std::string::npos; });
    return cases;
}

TEST_P(Kernels, Convolutions) {
    agree("convolutions and their gradients agree with the reference", [] {
        const Convolved c = drawn_convolution();
        Draw draw = drawn_values();
        return without_infinite_padding(conv2d_cases_of(draw, {c}), c);
    });
}

TEST_P(Kernels, PooledConvolutions) {
    agree("convolutions with the pooling behind them agree with the reference", [] {
        const Convolved c = drawn_convolution();
        Draw draw = drawn_values();
        return without_infinite_padding(conv2d_max_pool2d_cases_of(draw, {c}), c);
    });
}

TEST_P(Kernels, Pooling) {
    agree("max pooling and its gradient agree with the reference", [] {
        PoolGeometry g{};
        g.same = drawn("same", 0, 1) == 1;
        g.N = drawn("N", 1, 3), g.H = drawn("H", 1, 12), g.W = drawn("W", 1, 12), g.C = drawn_size("C", 70);
        g.kh = drawn("kh", 1, g.same ? 5 : g.H), g.kw = drawn("kw", 1, g.same ? 5 : g.W);
        g.sh = drawn("stride_h", 1, 5), g.sw = drawn("stride_w", 1, 5);
        Draw draw = drawn_values();
        return max_pool2d_cases_of(draw, {g});
    });
}

TEST_P(Kernels, Normalization) {
    agree("batch normalization agrees with the reference", [] {
        const Shape x = drawn_shape("dim", 1, 4, 2000).append(drawn_size("C", 70));
        Draw draw = drawn_values();
        return batch_norm_cases_of(draw, {x});
    });
}

TEST_P(Kernels, Softmax) {
    agree("softmax and cross-entropy agree with the reference", [] {
        const Shape x = drawn_shape("dim", 0, 3, 300).append(drawn_size("classes", 130));
        Draw draw = drawn_values();
        return softmax_cases_of(draw, {x});
    });
}

TEST_P(Kernels, Training) {
    agree("dropout, penalties and updates agree with the reference", [] {
        const Sizes sizes{drawn_size("n", 2000)};
        Draw draw = drawn_values();
        KernelCases cases = training_cases_of(draw, sizes);
        for (KernelCase& update : update_cases_of(draw, sizes)) cases.push_back(std::move(update));
        return cases;
    });
}

INSTANTIATE_TEST_SUITE_P(Cpu, Kernels, ::testing::Values(Device::cpu()));
INSTANTIATE_TEST_SUITE_P(Vulkan, Kernels, ::testing::Values(Device::vulkan()));

}  // namespace
}  // namespace cairn::test
