// Gradients of convolutions, poolings and normalizations that are wrong in the ways people get them wrong, each one found by
// gradcheck. The control's control is the same function with the right kernel.
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "gradcheck/passes.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using autograd::Gradients;

const Device device = Device::reference();

// A convolution of x (1, 6, 6, C) by `window`, whose gradients are taken by `wrong`.
autograd::Function convolve(const Shape& y_shape, const Window& window, const Window& wrong) {
    return [=](const Tensors& t) {
        const Tensor x = t[0].detach(), kernel = t[1].detach(), y = empty_like(x, y_shape);
        backend(x).conv2d(x, kernel, window, y);
        return autograd::differentiable("convolution", t, y, [=](const Tensor& dy, Gradients& dx) {
            backend(dy).conv2d_backward({x, kernel, {}, wrong, y.shape()}, {}, dy, {dx.slot(0), dx.slot(1), {}});
        });
    };
}

// Gradients that forget the dilation look at neighbours of the pixels that the output saw.
TEST(WrongLayers, ADilationForgotten) {
    const Window dilated{3, 3, 1, 1, 0, 0, 2, 2};
    Window forgotten = dilated, turned = dilated;
    forgotten.dilation_h = forgotten.dilation_w = 1;
    turned.dilation_w = 1;
    EXPECT_TRUE(passes(convolve({1, 2, 2, 3}, dilated, dilated), {{1, 6, 6, 2}, {3, 3, 2, 3}}));
    EXPECT_FALSE(passes(convolve({1, 2, 2, 3}, dilated, forgotten), {{1, 6, 6, 2}, {3, 3, 2, 3}}));
    EXPECT_FALSE(passes(convolve({1, 2, 2, 3}, dilated, turned), {{1, 6, 6, 2}, {3, 3, 2, 3}}));
}

// A depthwise convolution's dx by a kernel whose channels and multiples are taken for each other.
TEST(WrongLayers, GroupsDealtOutInTurn) {
    const auto depthwise = [](bool in_turn) -> autograd::Function {
        return [=](const Tensors& t) {
            const Tensor x = t[0].detach(), y = empty_like(x, {1, 4, 4, 6});
            const Tensor kernel = random_tensor({3, 3, 1, 6}, device, 9);
            const Window window{3, 3};
            backend(x).conv2d(x, kernel, window, y);
            return autograd::differentiable("depthwise", t, y, [=](const Tensor& dy, Gradients& dx) {
                Tensor dz = dy;
                if (in_turn) {  // m C + c for c M + m
                    std::vector<double> from = numbers(dy), to = from;
                    for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i / 6 * 6 + i % 6 % 3 * 2 + i % 6 / 3];
                    dz = from_values(dy.shape(), to, device);
                }
                backend(dy).conv2d_input_gradient(dz, kernel, window, dx.slot(0));
            });
        };
    };
    EXPECT_TRUE(passes(depthwise(false), {{1, 6, 6, 3}}));
    EXPECT_FALSE(passes(depthwise(true), {{1, 6, 6, 3}}));
}

// A transposed convolution whose kernel gradient takes x for dy and dy for x.
TEST(WrongLayers, ATransposedConvolutionsOperandsExchanged) {
    const auto transpose = [](bool exchanged) -> autograd::Function {
        return [=](const Tensors& t) {
            const Tensor x = t[0].detach(), kernel = t[1].detach(), y = empty_like(x, {1, 3, 3, 2});
            const Window window{1, 1};
            backend(x).conv2d_input_gradient(x, kernel, window, y);
            return autograd::differentiable("transpose", t, y, [=](const Tensor& dy, Gradients& dx) {
                backend(dy).conv2d(dy, kernel, window, dx.slot(0));
                backend(dy).conv2d_kernel_gradient(exchanged ? x : dy, exchanged ? dy : x, window, dx.slot(1));
            });
        };
    };
    EXPECT_TRUE(passes(transpose(false), {{1, 3, 3, 2}, {1, 1, 2, 2}}));
    EXPECT_FALSE(passes(transpose(true), {{1, 3, 3, 2}, {1, 1, 2, 2}}));
}

// An average over padded windows whose gradient shares among all of the window's elements, padding among them.
TEST(WrongLayers, AnAverageThatCountsPadding) {
    const auto pool = [](bool counts_padding) -> autograd::Function {
        return [=](const Tensors& t) {
            const ops::PoolingOptions options{.pool_size = {3, 3}, .strides = {2, 2}, .padding = ops::Padding::same};
            const Tensor x = t[0].detach(), y = ops::average_pool2d(x, options);
            return autograd::differentiable("average", t, y, [=](const Tensor& dy, Gradients& dx) {
                const Window window = ops::slide_window("average", x.shape(), options).window;
                const Tensor ones = full({3, 3, 1, 2}, 1, DType::float64, device), count = empty_like(y);
                backend(x).conv2d(full(x.shape(), 1, DType::float64, device), ones, window, count);
                if (counts_padding) backend(x).fill(count, 9);
                const Tensor shared = empty_like(dy);
                backend(dy).elementwise(Binary::div, dy, count, shared);
                backend(dy).conv2d_input_gradient(shared, ones, window, dx.slot(0));
            });
        };
    };
    EXPECT_TRUE(passes(pool(false), {{1, 5, 5, 2}}));
    EXPECT_FALSE(passes(pool(true), {{1, 5, 5, 2}}));
}

// Normalizations of samples whose mean and variance are taken for constants.
TEST(WrongLayers, ANormalizationWithoutItsStatisticsGradients) {
    const auto norm = [](int groups, bool mean_moves, bool variance_moves) -> autograd::Function {
        return [=](const Tensors& t) {
            const Shape& shape = t[0].shape();
            const Tensor x = ops::reshape(t[0], {shape[0], -1, groups, shape[-1] / groups});
            const Tensor mean = ops::mean(x, {1, 3}, true);
            const Tensor centered = ops::sub(x, mean_moves ? mean : mean.detach());
            const Tensor variance = ops::mean(ops::square(centered), {1, 3}, true);
            const Tensor deviation = ops::sqrt(ops::add(variance, full({}, 1e-3, DType::float64, device)));
            return ops::div(centered, variance_moves ? deviation : deviation.detach());
        };
    };
    for (const int groups : {1, 2}) {
        EXPECT_TRUE(passes(norm(groups, true, true), {{2, 3, 4}}));
        EXPECT_FALSE(passes(norm(groups, false, true), {{2, 3, 4}}));
        EXPECT_FALSE(passes(norm(groups, true, false), {{2, 3, 4}}));
    }
}

}  // namespace
}  // namespace cairn::test
