// NaN through ReLU and maxima, in every shader that takes one. A compiler of shaders may assume that there are no NaNs: a
// ReLU or a maximum that swallows one would let a model that has diverged look well.
#include "cairn/backend/devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cairn {
namespace {

using testing::ElementsAre;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

class VulkanNaN : public ::testing::Test {
protected:
    Tensor tensor(const Shape& shape, const std::vector<float>& values) {
        return from_values(shape, values, Device::vulkan());
    }
    Tensor output(const Shape& shape, DType dtype = DType::float32) { return empty(shape, dtype, Device::vulkan()); }
    std::vector<float> floats(const Tensor& x) { return x.to_vector<float>(); }
    std::vector<std::int32_t> ints(const Tensor& x) { return x.to_vector<std::int32_t>(); }

    Backend& device_ = backend(Device::vulkan());
};

// Two windows of 2 x 2 pixels side by side; each of the first four images has its first NaN at another pixel of the left
// one, and the fifth has none. Wherever numbers are larger than what a NaN stands for as bits, as before it and behind it.
const Shape image_shape{5, 2, 4, 1};
const std::vector<float> images{nan, 9,   1, 2, nan, 9,   4, 3,  //
                                9,   nan, 1, 2, nan, 9,   4, 3,  //
                                9,   1,   1, 2, nan, nan, 4, 3,  //
                                9,   1,   1, 2, 9,   nan, 4, 3,  //
                                -5,  -1,  1, 2, -2,  -3,  4, 3};
const std::vector<std::int32_t> wanted_argmax{0, 2, 1, 2, 2, 2, 3, 2, 1, 2};
constexpr Window two_by_two{2, 2, 2, 2, 0, 0};

// The left window's maximum is NaN in the first four images and `last` in the fifth, the right one's always 4.
void expect_pooled(const std::vector<float>& y, float last) {
    ASSERT_EQ(y.size(), 10u);
    for (std::size_t image = 0; image < 5; ++image) {
        if (image < 4) EXPECT_TRUE(std::isnan(y[2 * image])) << "image " << image << ": " << y[2 * image];
        else EXPECT_EQ(y[2 * image], last);
        EXPECT_EQ(y[2 * image + 1], 4) << "image " << image;
    }
}

TEST_F(VulkanNaN, MaxPoolingPassesItOnAndNamesTheFirst) {
    const Tensor x = tensor(image_shape, images), y = output({5, 1, 2, 1}), argmax = output(y.shape(), DType::int32);
    device_.max_pool2d(x, two_by_two, y, argmax);
    expect_pooled(floats(y), -1);
    EXPECT_EQ(ints(argmax), wanted_argmax);
}

// The kernel of one weight 1 leaves the images as they are, so the epilogue of the product pools them.
TEST_F(VulkanNaN, AConvolutionThatPoolsDoesTheSame) {
    for (const bool relu : {false, true}) {
        SCOPED_TRACE(relu ? "with ReLU" : "without ReLU");
        const Tensor y = output({5, 1, 2, 1}), argmax = output(y.shape(), DType::int32);
        device_.conv2d_max_pool2d({.x = tensor(image_shape, images),
                                   .kernel = tensor({1, 1, 1, 1}, {1}),
                                   .bias = {},
                                   .window = {},
                                   .output = image_shape,
                                   .relu = relu},
                                  {two_by_two, y, argmax});
        expect_pooled(floats(y), relu ? 0 : -1);
        std::vector<std::int32_t> wanted = wanted_argmax;
        if (relu) wanted[8] = 0;  // four pixels of 0, of which the first counts
        EXPECT_EQ(ints(argmax), wanted);
    }
}

// 500 terms: the product is cut into parts, and ReLU is taken where these are added; 1 term: in the product's own epilogue.
TEST_F(VulkanNaN, ReluOfADenseLayerPassesItOn) {
    for (const std::int64_t terms : {1, 500}) {
        std::vector<float> x(static_cast<std::size_t>(2 * terms), -1);
        x[0] = nan;
        const Tensor y = output({2, 2});
        device_.dense({.x = tensor({2, terms}, x),
                       .kernel = full({terms, 2}, 1, DType::float32, Device::vulkan()),
                       .bias = tensor({2}, {0, static_cast<float>(terms + 1)}),
                       .relu = true},
                      y);
        EXPECT_THAT(floats(y), ElementsAre(testing::IsNan(), testing::IsNan(), 0, 1)) << terms << " terms";
    }
}

TEST_F(VulkanNaN, ReluPassesItOnWhateverItsSign) {
    constexpr float inf = std::numeric_limits<float>::infinity(), least = std::numeric_limits<float>::denorm_min();
    const Tensor y = output({8});
    device_.elementwise(Unary::relu, tensor({8}, {nan, -nan, -1, 0, -0.0f, inf, -inf, -least}), y);
    EXPECT_THAT(floats(y), ElementsAre(testing::IsNan(), testing::IsNan(), 0, 0, 0, inf, 0, 0));
}

// The gradient of a maximum that is NaN goes to the first NaN, as pooling's does.
TEST_F(VulkanNaN, AMaximumIsNaNAndArgmaxTheFirst) {
    const Tensor x = tensor({3, 4}, {1, nan, 5, nan, -nan, 2, nan, 9, 3, 4, 4, -9});
    const Tensor y = output({3, 1}), argmax = output({3}, DType::int32), dx = output({3, 4});
    device_.reduce(Reduction::max, x, y);
    device_.argmax(x, argmax);
    device_.reduce_backward(Reduction::max, x, y, tensor({3, 1}, {10, 20, 30}), dx);
    EXPECT_THAT(floats(y), ElementsAre(testing::IsNan(), testing::IsNan(), 4));
    EXPECT_THAT(ints(argmax), ElementsAre(1, 0, 1));
    EXPECT_THAT(floats(dx), ElementsAre(0, 10, 0, 0, 20, 0, 0, 0, 0, 30, 0, 0));
}

}  // namespace
}  // namespace cairn
