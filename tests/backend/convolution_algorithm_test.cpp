// Which algorithm computes a convolution on the cpu, and that the one that was asked for does.
#include "cairn/backend/cpu/convolution.h"
#include "cairn/backend/cpu/gemm.h"
#include "support/compare.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using enum ConvolutionAlgorithm;
using cpu::ConvolutionPass;

cpu::ConvolutionSizes sizes(std::int64_t kernel, std::int64_t stride, std::int64_t C, std::int64_t O) {
    return {{2, 8, 8, C}, {kernel, kernel, C, O}, {kernel, kernel, stride, stride}, {2, 8 / stride, 8 / stride, O}};
}

TEST(ConvolutionAlgorithm, AutomaticTakesTheFastest) {
    for (const ConvolutionPass pass :
         {ConvolutionPass::forward, ConvolutionPass::input_gradient, ConvolutionPass::kernel_gradient}) {
        EXPECT_EQ(cpu::algorithm_for(pass, sizes(3, 1, 16, 16), automatic), winograd);
        EXPECT_EQ(cpu::algorithm_for(pass, sizes(3, 1, 15, 16), automatic), direct);
        EXPECT_EQ(cpu::algorithm_for(pass, sizes(3, 1, 16, 15), automatic), direct);
        EXPECT_EQ(cpu::algorithm_for(pass, sizes(5, 1, 32, 32), automatic), direct);
        EXPECT_EQ(cpu::algorithm_for(pass, sizes(3, 2, 32, 32), automatic),
                  pass == ConvolutionPass::input_gradient ? im2col : direct);
    }
}

TEST(ConvolutionAlgorithm, ARequestIsMetOrTheNextMoreGeneralOneTaken) {
    for (const ConvolutionPass pass :
         {ConvolutionPass::forward, ConvolutionPass::input_gradient, ConvolutionPass::kernel_gradient})
        for (const auto& s : {sizes(3, 1, 32, 32), sizes(3, 1, 3, 5), sizes(3, 2, 32, 32), sizes(1, 1, 32, 32)}) {
            EXPECT_EQ(cpu::algorithm_for(pass, s, im2col), im2col);
            EXPECT_EQ(cpu::algorithm_for(pass, s, direct), direct);
            const bool fits = s.window.window_h == 3 && !s.has_strides();
            EXPECT_EQ(cpu::algorithm_for(pass, s, winograd), fits ? winograd : direct);
        }
}

// A kernel of groups that is taken for a whole one reads beyond its end; the direct algorithms know nothing of dilation.
TEST(ConvolutionAlgorithm, GroupsAndDilationGoByIm2col) {
    const cpu::ConvolutionSizes dilated{{2, 8, 8, 32}, {3, 3, 32, 32}, {3, 3, 1, 1, 2, 2, 2, 2}, {2, 8, 8, 32}};
    const cpu::ConvolutionSizes grouped{{2, 8, 8, 32}, {3, 3, 16, 32}, {3, 3, 1, 1, 1, 1}, {2, 8, 8, 32}};
    const cpu::ConvolutionSizes depthwise{{2, 8, 8, 32}, {3, 3, 1, 32}, {3, 3, 1, 1, 1, 1}, {2, 8, 8, 32}};
    for (const ConvolutionPass pass :
         {ConvolutionPass::forward, ConvolutionPass::input_gradient, ConvolutionPass::kernel_gradient})
        for (const ConvolutionAlgorithm requested : {automatic, im2col, direct, winograd})
            for (const auto& s : {dilated, grouped, depthwise})
                EXPECT_EQ(cpu::algorithm_for(pass, s, requested), im2col);
    EXPECT_TRUE(depthwise.is_depthwise());
    EXPECT_FALSE(grouped.is_depthwise());
    EXPECT_FALSE(sizes(3, 1, 1, 1).is_depthwise()) << "one channel is one group";
}

// Each algorithm rounds in its own way: where two gave the same bits in a layer of this size, one would have run for
// the other. With AVX-512 OpenBLAS adds up the products of a forward pass in the order of the direct algorithm, and
// only the gradients tell.
TEST(ConvolutionAlgorithm, IsTheOneThatRuns) {
    const Device device = Device::cpu();
    const auto random = [&](const Shape& shape, std::uint32_t ordinal) {
        return to_dtype(random_tensor(shape, device, ordinal), DType::float32);
    };
    const Tensor x = random({3, 16, 16, 32}, 1), kernel = random({3, 3, 32, 32}, 2), dy = random({3, 16, 16, 32}, 3);
    const Window pool{2, 2, 2, 2};
    const Tensor argmax = full({3, 8, 8, 32}, 1, DType::int32, device), dpooled = random({3, 8, 8, 32}, 4);
    const auto results = [&](ConvolutionAlgorithm algorithm) {
        const Convolution layer{x, kernel, {}, {3, 3, 1, 1, 1, 1}, {3, 16, 16, 32}, false, algorithm};
        const Tensor y = empty_like(dy), pooled = empty_like(dpooled);
        const LayerGradients both{empty_like(x), empty_like(kernel)}, through_pool{empty_like(x), empty_like(kernel)};
        backend(device).conv2d_bias_activation(layer, y);
        backend(device).conv2d_max_pool2d(layer, {pool, pooled});
        backend(device).conv2d_backward(layer, {}, dy, both);
        backend(device).conv2d_max_pool2d_backward(layer, {pool, pooled, argmax}, dpooled, through_pool);
        std::vector<std::vector<float>> all;
        for (const Tensor& made : {y, pooled, both.dx, both.dkernel, through_pool.dx, through_pool.dkernel})
            all.push_back(made.to_vector<float>());
        return all;
    };
    const auto by_im2col = results(im2col), directly = results(direct), by_winograd = results(winograd);
    EXPECT_EQ(results(automatic), by_winograd);
    const std::string core = cpu::blas_core();
    const bool in_order = core == "SkylakeX" || core == "Cooperlake" || core == "SapphireRapids";
    for (std::size_t i = 0; i < by_im2col.size(); ++i) {
        if (i >= 2 || !in_order) {
            EXPECT_NE(by_im2col[i], directly[i]) << "result " << i;
        }
        EXPECT_NE(by_im2col[i], by_winograd[i]) << "result " << i;
        EXPECT_NE(directly[i], by_winograd[i]) << "result " << i;
    }
}

}  // namespace
}  // namespace cairn::test
