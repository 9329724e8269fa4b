// The reference kernels of layers and losses, against numbers computed by hand.
#include "support/host_tensors.h"

#include <cmath>

namespace cairn::test {
namespace {

using Values = std::vector<double>;
using Ints = std::vector<std::int32_t>;

Backend& device() { return backend(Device::reference()); }

// 3x3 image of 1 … 9, 2x2 kernel (1 10; 100 1000): each digit of y tells which pixel met which weight.
TEST(ReferenceConv2d, ValidIsACrossCorrelation) {
    const Tensor x = tensor({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), y = output({1, 2, 2, 1});
    device().conv2d(x, tensor({2, 2, 1, 1}, {1, 10, 100, 1000}), Window{2, 2}, y);
    EXPECT_EQ(values(y), Values({5421, 6532, 8754, 9865}));
}

// 'same' with stride 2 on an even image: 3x3 windows at rows 0-2 and 2-4, of which row 4 is padding. Keras pads after
// the image first; padding before it would give other sums.
TEST(ReferenceConv2d, SamePaddingIsAsymmetric) {
    const Tensor x = tensor({1, 4, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}),
                 y = output({1, 2, 2, 1});
    const Tensor ones = full({3, 3, 1, 1}, 1, DType::float64, Device::reference());
    device().conv2d(x, ones, Window{3, 3, 2, 2, 0, 0}, y);
    EXPECT_EQ(values(y), Values({54, 45, 72, 54}));
    device().conv2d(x, ones, Window{3, 3, 2, 2, 1, 1}, y);  // padded before the image
    EXPECT_EQ(values(y), Values({14, 30, 57, 99}));
}

TEST(ReferenceConv2d, RectangularWindowAndUnequalStrides) {
    const Tensor x = tensor({1, 2, 5, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), y = output({1, 2, 2, 1});
    device().conv2d(x, tensor({1, 3, 1, 1}, {1, 10, 100}), Window{1, 3, 1, 2}, y);
    EXPECT_EQ(values(y), Values({321, 543, 876, 1098}));
}

// One pixel, two channels in, three out: kernel[0,0,c,o] = 10^o (c + 1).
TEST(ReferenceConv2d, ChannelsAreSummedPerFilter) {
    const Tensor x = tensor({2, 1, 1, 2}, {1, 2, 3, 4}), y = output({2, 1, 1, 3});
    device().conv2d(x, tensor({1, 1, 2, 3}, {1, 10, 100, 2, 20, 200}), Window{}, y);
    EXPECT_EQ(values(y), Values({5, 50, 500, 11, 110, 1100}));
}

TEST(ReferenceConv2d, Gradients) {
    const Tensor x = tensor({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}),
                 kernel = tensor({2, 2, 1, 1}, {1, 10, 100, 1000});
    const Tensor dy = tensor({1, 2, 2, 1}, {1, 2, 3, 4}), dx = output({1, 3, 3, 1}), dkernel = output({2, 2, 1, 1});
    device().conv2d_input_gradient(dy, kernel, Window{2, 2}, dx);
    EXPECT_EQ(values(dx), Values({1, 12, 20, 103, 1234, 2040, 300, 3400, 4000}));
    device().conv2d_kernel_gradient(x, dy, Window{2, 2}, dkernel);
    // 1*1 + 2*2 + 3*4 + 4*5 = 37, and one pixel further right, down, and both
    EXPECT_EQ(values(dkernel), Values({37, 47, 67, 77}));
}

// The three kernels are one trilinear form: <conv(x, k), dy> = <x, dx> = <k, dkernel>. Holds for any padding and
// stride.
TEST(ReferenceConv2d, KernelsAreAdjoint) {
    const Window window{3, 2, 2, 1, 1, 0};
    const Shape x_shape{2, 4, 3, 2}, kernel_shape{3, 2, 2, 3}, y_shape{2, 2, 3, 3};
    RandomStream random({7, stream_of(Purpose::test), 0});
    const auto normal = [&](const Shape& shape) {
        Values numbers;
        for (std::int64_t i = 0; i < shape.size(); ++i) numbers.push_back(random.normal());
        return tensor(shape, numbers);
    };
    const auto dot = [](const Tensor& a, const Tensor& b) {
        const Values left = values(a), right = values(b);
        double sum = 0;
        for (std::size_t i = 0; i < left.size(); ++i) sum += left[i] * right[i];
        return sum;
    };
    const Tensor x = normal(x_shape), kernel = normal(kernel_shape), dy = normal(y_shape);
    const Tensor y = output(y_shape), dx = output(x_shape), dkernel = output(kernel_shape);
    device().conv2d(x, kernel, window, y);
    device().conv2d_input_gradient(dy, kernel, window, dx);
    device().conv2d_kernel_gradient(x, dy, window, dkernel);
    EXPECT_NEAR(dot(y, dy), dot(x, dx), 1e-12);
    EXPECT_NEAR(dot(y, dy), dot(kernel, dkernel), 1e-12);
}

TEST(ReferenceConv2d, FusedBiasAndActivation) {
    const Tensor x = tensor({1, 1, 2, 1}, {1, -2}), kernel = tensor({1, 1, 1, 2}, {1, -1}),
                 bias = tensor({2}, {0.5, 0});
    const Tensor y = output({1, 1, 2, 2});
    device().conv2d_bias_activation({x, kernel, bias, {}, y.shape()}, y);
    EXPECT_EQ(values(y), Values({1.5, -1, -1.5, 2}));
    device().conv2d_bias_activation({x, kernel, {}, {}, y.shape(), true}, y);
    EXPECT_EQ(values(y), Values({1, 0, 0, 2}));

    // dz = (10, 0; 0, 40)
    const Tensor dy = tensor({1, 1, 2, 2}, {10, 20, 30, 40});
    const Tensor dx = output({1, 1, 2, 1}), dkernel = output({1, 1, 1, 2}), dbias = output({2});
    device().conv2d_backward({x, kernel, {}, {}, y.shape(), true}, y, dy, {dx, dkernel, dbias});
    EXPECT_EQ(values(dx), Values({10, -40}));
    EXPECT_EQ(values(dkernel), Values({10, -80}));
    EXPECT_EQ(values(dbias), Values({10, 40}));
    device().conv2d_backward({x, kernel, {}, {}, y.shape()}, y, dy, {.dkernel = dkernel});
    EXPECT_EQ(values(dkernel), Values({-50, -60}));
}

TEST(ReferenceMaxPool2d, FirstOfTiesInRowMajorOrder) {
    const Tensor x = tensor({1, 2, 4, 1}, {1, 7, 3, 3, 7, 7, 3, 3}), y = output({1, 1, 2, 1}),
                 argmax = int_output({1, 1, 2, 1});
    device().max_pool2d(x, Window{2, 2, 2, 2}, y, argmax);
    EXPECT_EQ(values(y), Values({7, 3}));
    EXPECT_EQ(int_values(argmax), Ints({1, 0}));
    device().max_pool2d(x, Window{2, 2, 2, 2}, y, Tensor());  // argmax is optional

    const Tensor dx = output({1, 2, 4, 1});
    device().max_pool2d_backward(tensor({1, 1, 2, 1}, {10, 20}), argmax, Window{2, 2, 2, 2}, dx);
    EXPECT_EQ(values(dx), Values({0, 10, 20, 0, 0, 0, 0, 0}));
}

// A NaN is the maximum, wherever it stands, and the first of several.
TEST(ReferenceMaxPool2d, PassesNaNOn) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Tensor x = tensor({1, 2, 6, 1}, {nan, 7, 3, nan, 1, 2, 9, 8, nan, 4, 5, nan}), y = output({1, 1, 3, 1}),
                 argmax = int_output({1, 1, 3, 1});
    device().max_pool2d(x, Window{2, 2, 2, 2}, y, argmax);
    for (const double maximum : values(y)) EXPECT_TRUE(std::isnan(maximum)) << maximum;
    EXPECT_EQ(int_values(argmax), Ints({0, 1, 3}));
}

// Padding is left out: it is not 0, which would be larger than every value here.
TEST(ReferenceMaxPool2d, PaddingNeverWins) {
    const Tensor x = tensor({1, 2, 2, 1}, {-4, -3, -2, -1}), y = output({1, 2, 2, 1}),
                 argmax = int_output({1, 2, 2, 1});
    const Window window{3, 3, 1, 1, 1, 1};
    device().max_pool2d(x, window, y, argmax);
    EXPECT_EQ(values(y), Values({-1, -1, -1, -1}));
    EXPECT_EQ(int_values(argmax), Ints({8, 7, 5, 4}));  // the same pixel, seen from four windows

    const Tensor dx = output({1, 2, 2, 1});  // overlapping windows add up
    device().max_pool2d_backward(tensor({1, 2, 2, 1}, {1, 10, 100, 1000}), argmax, window, dx);
    EXPECT_EQ(values(dx), Values({0, 0, 0, 1111}));
}

TEST(ReferenceBatchNorm, StatisticsOfThreeNumbers) {
    // two channels: 1, 2, 6 and the same moved by 1e9, which E[x^2] - E[x]^2 would not survive
    const Tensor x = tensor({3, 2}, {1, 1e9 + 1, 2, 1e9 + 2, 6, 1e9 + 6}), mean = output({2}), variance = output({2});
    device().batch_norm_statistics(x, mean, variance);
    EXPECT_EQ(values(mean), Values({3, 1e9 + 3}));
    expect_near(variance, {14.0 / 3, 14.0 / 3});  // ((-2)^2 + (-1)^2 + 3^2) / 3
}

TEST(ReferenceBatchNorm, ForwardAndBackward) {
    // variance + epsilon = 16, so xhat = (-0.5, -0.25, 0.75)
    const double epsilon = 16 - 14.0 / 3;
    const Tensor x = tensor({3, 1}, {1, 2, 6}), mean = tensor({1}, {3}), variance = tensor({1}, {14.0 / 3});
    const Tensor gamma = tensor({1}, {10}), beta = tensor({1}, {7}), y = output({3, 1});
    const Normalization normalization{mean, variance, gamma, beta, epsilon};
    device().batch_norm(x, normalization, y);
    expect_near(y, {2, 4.5, 14.5});

    const Tensor dy = tensor({3, 1}, {3, 0, 6}), dx = output({3, 1}), dgamma = output({1}), dbeta = output({1});
    device().batch_norm_backward(x, normalization, Statistics::batch, dy, {dx, dgamma, dbeta});
    expect_near(dbeta, {9});
    expect_near(dgamma, {3});
    // 10 / 4 * (dy - 9 / 3 - xhat 3 / 3)
    expect_near(dx, {2.5 * (3 - 3 + 0.5), 2.5 * (0 - 3 + 0.25), 2.5 * (6 - 3 - 0.75)});

    device().batch_norm_backward(x, normalization, Statistics::moving, dy, {.dx = dx});
    expect_near(dx, {7.5, 0, 15});
}

TEST(ReferenceBatchNorm, MovingAverage) {
    const Tensor moving = tensor({2}, {10, 20});
    device().moving_average(tensor({2}, {0, 40}), 0.75, moving);
    EXPECT_EQ(values(moving), Values({7.5, 25}));
}

TEST(ReferenceDropout, KeepsNumbersAtOrAboveTheThreshold) {
    const RandomKey key{42, stream_of(Purpose::dropout, 1), 5};
    const std::int64_t n = 10;
    RandomStream random(key);
    std::vector<std::uint32_t> bits;
    for (std::int64_t i = 0; i < n; ++i) bits.push_back(random.next());

    // Number 6 itself as the threshold: it is kept, a threshold one higher drops it.
    const Tensor x = full({n}, 3, DType::float64, Device::reference()), y = output({n});
    for (const std::uint32_t threshold : {bits[6], bits[6] + 1}) {
        device().dropout(x, key, threshold, 2, y);
        for (std::size_t i = 0; i < bits.size(); ++i) EXPECT_EQ(values(y)[i], bits[i] >= threshold ? 6 : 0) << i;
    }
    device().dropout(x, key, 0, 1, y);
    EXPECT_EQ(values(y), values(x));
}

TEST(ReferenceSoftmax, KnownValues) {
    const Tensor x = tensor({2, 2}, {0, std::log(3), 1000, 1000}), y = output({2, 2});
    device().softmax(x, y);
    expect_near(y, {0.25, 0.75, 0.5, 0.5});
    device().log_softmax(x, y);
    expect_near(y, {std::log(0.25), std::log(0.75), std::log(0.5), std::log(0.5)});
}

TEST(ReferenceSoftmax, Backward) {
    const Tensor y = tensor({1, 2}, {0.25, 0.75}), dy = tensor({1, 2}, {4, 8}), dx = output({1, 2});
    device().softmax_backward(y, dy, dx);  // sum dy y = 7
    expect_near(dx, {-0.75, 0.75});
    device().log_softmax_backward(tensor({1, 2}, {std::log(0.25), std::log(0.75)}), dy, dx);  // sum dy = 12
    expect_near(dx, {1, -1});
}

TEST(ReferenceCrossEntropy, ClassesAndOneHotAgree) {
    const Tensor logits = tensor({2, 3}, {0, std::log(2), 0, 1, 2, 3});
    const Tensor classes = int_tensor({2}, {1, 0}), one_hot = tensor({2, 3}, {0, 1, 0, 1, 0, 0});
    const double sum = std::exp(1) + std::exp(2) + std::exp(3);
    const double wanted = (std::log(2) + std::log(sum) - 1) / 2;  // row 0: softmax = (1/4, 1/2, 1/4)
    for (const Tensor& labels : {classes, one_hot}) {
        const Tensor loss = output({}), dlogits = output({2, 3});
        device().softmax_cross_entropy(logits, labels, loss);
        expect_near(loss, {wanted});
        device().softmax_cross_entropy_backward(logits, labels, tensor({}, {2}), dlogits);  // dloss / B = 1
        expect_near(dlogits, {0.25, -0.5, 0.25, std::exp(1) / sum - 1, std::exp(2) / sum, std::exp(3) / sum});
    }
}

TEST(ReferenceCrossEntropy, ProbabilitiesNeedNotSumToOne) {
    const Tensor logits = tensor({1, 2}, {0, 0}), weights = tensor({1, 2}, {2, 1}), loss = output({}),
                 dlogits = output({1, 2});
    device().softmax_cross_entropy(logits, weights, loss);
    expect_near(loss, {3 * std::log(2)});
    device().softmax_cross_entropy_backward(logits, weights, tensor({}, {1}), dlogits);
    expect_near(dlogits, {0.5 * 3 - 2, 0.5 * 3 - 1});
}

// exp(1e4) is infinite and log(softmax) of the wrong class would be log(0).
TEST(ReferenceCrossEntropy, HugeLogitsStayFinite) {
    const Tensor logits = tensor({1, 2}, {1e4, -1e4}), loss = output({}), dlogits = output({1, 2});
    device().softmax_cross_entropy(logits, int_tensor({1}, {1}), loss);
    expect_near(loss, {2e4});
    device().softmax_cross_entropy_backward(logits, int_tensor({1}, {1}), tensor({}, {1}), dlogits);
    expect_near(dlogits, {1, -1});
}

TEST(ReferenceCrossEntropy, CountCorrectTakesFirstMaxima) {
    const Tensor logits = tensor({4, 3}, {1, 5, 5, 0, 0, 0, 3, 2, 1, 1, 2, 3}), count = output({});
    device().count_correct(logits, int_tensor({4}, {1, 0, 1, 2}), count);
    expect_near(count, {3});
    device().count_correct(logits, int_tensor({4}, {2, 1, 0, 2}), count);  // a tie counts for its first class only
    expect_near(count, {2});
    device().count_correct(logits, tensor({4, 3}, {0, 0.5, 0.5, 1, 0, 0, 0, 1, 0, 0, 0, 1}), count);
    expect_near(count, {3});
}

}  // namespace
}  // namespace cairn::test
